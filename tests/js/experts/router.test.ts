import { describe, expect, test } from "@jest/globals";
import { hashedEmbedding, Router, type ExpertFacts, type Route, type RouteOptions } from "andon";
import { codeOf } from "../support/errors.js";
import { expertInternals, factsOf } from "../support/expert-facts.js";

const { wordsOf } = await expertInternals<typeof import("../../../dist/experts/words.js")>("words");
const { parseHint } = await expertInternals<typeof import("../../../dist/experts/hint.js")>("hint");
const { parseRouterSection, vectorOf } =
  await expertInternals<typeof import("../../../dist/experts/router-section.js")>("router-section");

const sql = factsOf("expert-sql", {
  description: "Turns questions about tables into SQL.",
  capabilities: ["task:text2sql", "database:postgres", "language:en"],
  routing: {
    keywords: ["SQL", "how many", "table", "Straße", "C++", "数据库"],
    exclude_keywords: ["what is"],
    router_hint: "task=text2sql OR (database=postgres AND NOT mode=explain)",
    priority: 0.9,
  },
});
const verse = factsOf("expert-verse", {
  description: "Writes poems and songs about the sea and the seasons.",
  capabilities: ["task:poetry"],
  routing: { keywords: ["poem", "verse", "rhyme"] },
});

const route = (query: string, options?: RouteOptions, experts = [sql, verse]): Route =>
  new Router(experts).route(query, options);

/** What the query has of the keywords of an expert. */
const keywordsIn = (query: string, expert = "expert-sql"): string[] | undefined =>
  route(query).candidates.find(({ name }) => name === expert)?.matched.keywords;

describe("keywords", () => {
  test("are whole words, whatever their case", () => {
    expect(keywordsIn("Use sql on that TABLE!")).toEqual(["SQL", "table"]);
    expect(keywordsIn("mysql tables are stable")).toEqual([]);
  });

  test("are whole phrases, across punctuation and white space", () => {
    expect(keywordsIn("How, many?")).toEqual(["how many"]);
    expect(keywordsIn("how very many")).toEqual([]);
  });

  test("are folded as Unicode has it", () => {
    expect(keywordsIn("STRASSE")).toEqual(["Straße"]);
    expect(keywordsIn("ＳＱＬ")).toEqual(["SQL"]); // full width
  });

  test("may end in signs, and be written without spaces", () => {
    expect(keywordsIn("in C++, not C or C#")).toEqual(["C++"]);
    expect(keywordsIn("我的数据库里")).toEqual(["数据库"]);
    expect(wordsOf("SQL数据 ไทย naïve")).toEqual(["sql", "数", "据", "ไ", "ท", "ย", "naïve"]);
  });

  test("of its ROUTER section count as well", () => {
    const known: ExpertFacts = { ...verse, router: { keywords: ["limerick"], embeddings: [] } };
    const [candidate] = route("a limerick", {}, [known]).candidates;
    expect(candidate?.matched.keywords).toEqual(["limerick"]);
  });

  test("that every expert has say less than rare ones", () => {
    const two = ["a", "b"].map((name) => factsOf(name, { routing: { keywords: ["data", name] } }));
    const [b, a] = route("data b", {}, two).candidates;
    expect([b?.name, a?.name]).toEqual(["b", "a"]);
    const [rare] = route("b", {}, two).candidates;
    expect(a?.scores.keywords).toBeLessThan(rare?.scores.keywords ?? 0);
  });

  test("that hold sentences together say little", () => {
    const [found] = route("what now", {}, [
      factsOf("a", { routing: { keywords: ["what"] } }),
    ]).candidates;
    expect(found?.scores.keywords).toBeLessThan(0.5);
    expect(found?.scores.coverage).toBe(0);
  });
});

describe("the choice", () => {
  test("is the expert that fits, with a reason", () => {
    const { expert, confidence, reason } = route("How many rows does the table have? SQL please");
    expect(expert).toBe("expert-sql");
    expect(confidence).toBeGreaterThan(0.9);
    expect(reason).toContain('"how many", "table", "SQL"');
  });

  test("is the base model where none fits, which it says", () => {
    const { expert, confidence, reason } = route("Who won the match yesterday?");
    expect(expert).toBeNull();
    expect(confidence).toBeGreaterThan(0.9);
    expect(reason).toMatch(/^No expert reaches a confidence of 0.5/);
  });

  test("is the base model where there are no experts", () => {
    expect(route("anything", {}, [])).toEqual({
      expert: null,
      confidence: 1,
      reason: "There are no experts.",
      candidates: [],
    });
  });

  test("never is an expert that the query excludes", () => {
    const { expert, candidates } = route("What is a SQL table? How many?", { threshold: 0 }, [sql]);
    expect(expert).toBeNull();
    expect(candidates[0]).toMatchObject({ confidence: 0, excluded: "what is" });
  });

  test("needs the threshold that is asked for", () => {
    const query = "one verse";
    const { confidence } = route(query, { threshold: 0 });
    expect(route(query, { threshold: confidence }).expert).toBe("expert-verse");
    expect(route(query, { threshold: confidence + 0.001 }).expert).toBeNull();
    for (const threshold of [-1, 2, NaN]) {
      expect(() => route(query, { threshold })).toThrow("threshold");
    }
  });

  test("a threshold that is none is InvalidArgument", async () => {
    expect(await codeOf(() => route("x", { threshold: 1.5 }))).toBe("InvalidArgument");
  });

  test("tells k candidates, the best first", () => {
    expect(route("a poem", { k: 1 }).candidates.map(({ name }) => name)).toEqual(["expert-verse"]);
    expect(route("a poem").candidates).toHaveLength(2);
    expect(route("a poem", { k: 0 })).toMatchObject({ expert: "expert-verse", candidates: [] });
  });

  test("goes to the higher priority, then to the first name", () => {
    const twins = (first: number, second: number): ExpertFacts[] =>
      [first, second].map((priority, i) =>
        factsOf(`twin-${i}`, { routing: { keywords: ["twin"], priority } }),
      );
    expect(route("twin", {}, twins(0.2, 0.8)).candidates[0]?.name).toBe("twin-1");
    expect(route("twin", {}, twins(0.5, 0.5)).candidates[0]?.name).toBe("twin-0");
  });

  test("looks at both ends of a long text", () => {
    const filler = "lorem ipsum ".repeat(1000);
    expect(keywordsIn(`table ${filler} sql`)).toEqual(["table", "SQL"]);
    expect(keywordsIn(`${filler} sql ${filler}`)).toEqual([]);
  });
});

describe("capabilities", () => {
  test("that are asked for are needed, and count", () => {
    const { candidates } = route("all of 2024", { capabilities: ["Task:text2sql"] });
    expect(candidates[0]).toMatchObject({
      name: "expert-sql",
      excluded: null,
      matched: { capabilities: ["task:text2sql"] },
    });
    expect(candidates[1]).toMatchObject({ confidence: 0, excluded: "not task:text2sql" });
  });

  test("are found in the query, languages apart", () => {
    const [found] = route("postgres en").candidates;
    expect(found?.matched.capabilities).toEqual(["database:postgres"]);
  });
});

describe("router_hint", () => {
  const holds = (hint: string, ...facts: string[]): boolean | undefined =>
    parseHint(hint, () => undefined)?.(({ name, value }) => facts.includes(`${name}=${value}`));

  test("knows OR, AND, NOT and parentheses, AND before OR", () => {
    expect(holds("a=1 OR b=2", "b=2")).toBe(true);
    expect(holds("a=1 AND b=2", "b=2")).toBe(false);
    expect(holds("a=1 OR b=2 AND c=3", "a=1")).toBe(true);
    expect(holds("(a=1 OR b=2) AND c=3", "a=1")).toBe(false);
    expect(holds("NOT a=1")).toBe(true);
    expect(holds("NOT NOT A:1", "a=1")).toBe(true);
  });

  test.each(["", "OR", "a=1 OR", "a=1 b=2", "(a=1", "a=1)", "NOT", "AND a=1", "(".repeat(200)])(
    "that reads %j says nothing",
    (hint) => {
      expect(parseHint(hint, () => undefined)).toBeUndefined();
    },
  );

  test("holds by what is asked for and by words of the query", () => {
    const hinted = (query: string, capabilities: string[] = []): unknown =>
      route(query, { capabilities }).candidates.find(({ name }) => name === "expert-sql")?.scores
        .hint;
    expect(hinted("on postgres")).toBe(1);
    expect(hinted("on postgres, explain it")).toBe(0);
    expect(hinted("anything", ["task:text2sql"])).toBe(1);
    expect(hinted("anything")).toBe(0);
  });
});

describe("embeddings", () => {
  const cosine = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  const between = (a: string, b: string): number => cosine(hashedEmbedding(a), hashedEmbedding(b));

  test("have length 1, and none where a text says nothing", () => {
    expect(cosine(hashedEmbedding("a b c d"), hashedEmbedding("a b c d"))).toBeCloseTo(1, 5);
    expect(hashedEmbedding("the of and").every((value) => value === 0)).toBe(true);
  });

  test("are the same for ever: packages bring them", () => {
    const vector = hashedEmbedding("sql");
    const places = [...vector].flatMap((value, i) =>
      value === 0 ? [] : [[i, Number(value.toFixed(4))]],
    );
    expect(places).toEqual([
      [52, 0.2132],
      [69, 0.2132],
      [267, -0.2132],
      [419, -0.8528],
      [439, -0.2132],
      [896, 0.2132],
      [972, -0.2132],
    ]);
  });

  test("of words alike are near, of others far", () => {
    expect(between("translating letters", "translation of a letter")).toBeGreaterThan(0.2);
    expect(between("translating letters", "equations and matrices")).toBeLessThan(0.15);
  });

  test("make an expert without keywords likely", () => {
    const quiet = factsOf("quiet", {
      description: "Identifies birds by their songs and feathers.",
    });
    const [near] = route("which birds have such feathers?", {}, [quiet]).candidates;
    const [far] = route("which taxes are due in May?", {}, [quiet]).candidates;
    expect(near?.scores.similarity).toBeGreaterThan(0.3);
    expect(near?.confidence).toBeGreaterThan(far?.confidence ?? 1);
  });

  test("of a package are compared in their own space alone", () => {
    const section = { embeddings: [{ space: "base", vector: [0, 3, 4] }] };
    const router = parseRouterSection(JSON.stringify(section));
    const known = { ...factsOf("a"), ...(router && { router }) };
    const similarityTo = (space: string, ...vector: number[]): number | undefined =>
      route("x", { embedding: { space, vector: Float32Array.from(vector) } }, [known]).candidates[0]
        ?.scores.similarity;
    expect(similarityTo("base", 0, 6, 8)).toBeCloseTo(1, 2);
    expect(similarityTo("other", 0, 6, 8)).toBe(0);
    expect(similarityTo("base", 0, 6)).toBe(0);
  });
});

describe("a ROUTER section", () => {
  test("keeps the direction of its embeddings", () => {
    const vector = Array.from({ length: 64 }, (_, i) => Math.sin(i));
    const text = JSON.stringify({ keywords: ["a"], embeddings: [{ space: "s", vector }] });
    const [stored] = parseRouterSection(text)?.embeddings ?? [];
    const back = stored === undefined ? new Float32Array() : vectorOf(stored);
    const length = Math.hypot(...vector);
    const cosine = back.reduce((sum, value, i) => sum + (value * (vector[i] ?? 0)) / length, 0);
    expect(cosine).toBeGreaterThan(0.9999);
  });

  test("may be empty", () => {
    expect(parseRouterSection("{}")).toEqual({ keywords: [], embeddings: [] });
  });

  const embedding = { space: "s", vector: [1] };
  test.each<[string, unknown]>([
    ["null", null],
    ["a list", []],
    ["keywords that are no list", { keywords: "a" }],
    ["a keyword that is none", { keywords: [""] }],
    ["a keyword that is too long", { keywords: ["a".repeat(129)] }],
    ["too many keywords", { keywords: Array.from({ length: 1025 }, () => "a") }],
    ["embeddings that are no list", { embeddings: {} }],
    ["an embedding that is none", { embeddings: [null] }],
    ["an embedding without a space", { embeddings: [{ vector: [1] }] }],
    ["a vector that is none", { embeddings: [{ ...embedding, vector: 1 }] }],
    ["a vector of texts", { embeddings: [{ ...embedding, vector: ["1"] }] }],
    ["a vector of zeros", { embeddings: [{ ...embedding, vector: [0] }] }],
    [
      "a vector that is too long",
      { embeddings: [{ ...embedding, vector: new Array(8193).fill(1) }] },
    ],
    ["too many embeddings", { embeddings: new Array(17).fill(embedding) }],
  ])("with %s says nothing", (_, section) => {
    expect(parseRouterSection(JSON.stringify(section))).toBeUndefined();
  });
});
