import { describe, expect, test } from "@jest/globals";
import type { ExpertFacts } from "andon";
import { expertInternals, factsOf, randomsOf, universeOf } from "../support/expert-facts.js";

const { resolveExperts } =
  await expertInternals<typeof import("../../../dist/experts/resolve.js")>("resolve");

const requiring = (name: string, ...requires: string[]): ExpertFacts =>
  factsOf(name, { constraints: { requires } });

const codesOf = (experts: ExpertFacts[], ...wanted: string[]): string[] =>
  (resolveExperts(universeOf(...experts), wanted).refusals ?? []).map(({ code }) => code);

const orderOf = (experts: ExpertFacts[], ...wanted: string[]): readonly string[] | undefined =>
  resolveExperts(universeOf(...experts), wanted).order;

describe("what is loaded", () => {
  test("is what is wanted and what that requires, once each", () => {
    const all = [requiring("a", "b", "c@^1"), requiring("b", "c@1.x"), factsOf("c"), factsOf("d")];
    expect(orderOf(all, "a", "b", "a")).toEqual(["c", "b", "a"]);
    expect(orderOf(all)).toEqual([]);
  });

  test("comes by load_order, then by name; what says none is last", () => {
    const at = (name: string, load_order: number): ExpertFacts =>
      factsOf(name, { constraints: { load_order } });
    const all = [factsOf("a"), at("b", 2), at("c", 1), at("d", 2)];
    expect(orderOf(all, "a", "d", "b", "c")).toEqual(["c", "b", "d", "a"]);
  });

  test("comes after what it requires, whatever its load_order", () => {
    const first = factsOf("a", { constraints: { load_order: 0, requires: ["b"] } });
    const last = factsOf("b", { constraints: { load_order: 9 } });
    expect(orderOf([first, last], "a")).toEqual(["b", "a"]);
  });
});

describe("refused is", () => {
  test("an expert that is not installed: ExpertNotInstalled", () => {
    expect(codesOf([], "a")).toEqual(["ExpertNotInstalled"]);
  });

  test("a requirement that is not: RequirementMissing", () => {
    const { refusals } = resolveExperts(universeOf(requiring("a", "b")), ["a"]);
    expect(refusals).toEqual([
      { code: "RequirementMissing", message: "a: requires b, which is not installed" },
    ]);
  });

  test("a version outside the range: RequirementVersion", () => {
    const { refusals } = resolveExperts(universeOf(requiring("a", "b@^2.0.0"), factsOf("b")), [
      "a",
    ]);
    expect(refusals).toEqual([
      { code: "RequirementVersion", message: "a: requires b@^2.0.0, and 1.0.0 is installed" },
    ]);
  });

  test("a requirement that is no range: RequirementMalformed", () => {
    expect(codesOf([requiring("a", "b@one"), factsOf("b")], "a")).toEqual(["RequirementMalformed"]);
    expect(codesOf([requiring("a", "b@"), factsOf("b")], "a")).toEqual(["RequirementMalformed"]);
    expect(codesOf([requiring("a", "@^1"), factsOf("b")], "a")).toEqual(["RequirementMalformed"]);
  });

  test("a circle, with the path around it: RequirementCycle", () => {
    const all = [requiring("a", "b"), requiring("b", "c"), requiring("c", "b")];
    expect(resolveExperts(universeOf(...all), ["a"]).refusals).toEqual([
      { code: "RequirementCycle", message: "requirements in a circle: b → c → b" },
    ]);
    expect(codesOf([requiring("a", "a")], "a")).toEqual(["RequirementCycle"]);
  });

  test("a conflict, told once whoever says it: ExpertConflict", () => {
    const against = (name: string, other: string): ExpertFacts =>
      factsOf(name, { constraints: { incompatible_with: [other] } });
    expect(codesOf([against("a", "b"), factsOf("b")], "b", "a")).toEqual(["ExpertConflict"]);
    expect(codesOf([against("a", "b"), against("b", "a")], "a", "b")).toEqual(["ExpertConflict"]);
    expect(codesOf([against("a", "b"), factsOf("b")], "a")).toEqual([]);
  });

  test("more than max_chain or max_experts allow: TooManyExperts", () => {
    const chain = factsOf("a", { constraints: { max_chain: 1 } });
    const crowd = factsOf("b", { runtime: { max_experts: 2 } });
    expect(codesOf([chain, crowd], "a")).toEqual([]);
    expect(codesOf([chain, crowd], "a", "b")).toEqual(["TooManyExperts"]);
    expect(codesOf([crowd, factsOf("c"), factsOf("d")], "b", "c", "d")).toEqual(["TooManyExperts"]);
  });

  test("more than ten: TooManyExperts", () => {
    const eleven = Array.from({ length: 11 }, (_, i) => factsOf(`e${i}`));
    const names = eleven.map(({ name }) => name);
    expect(codesOf(eleven, ...names)).toEqual(["TooManyExperts"]);
    expect(codesOf(eleven, ...names.slice(1))).toEqual([]);
  });

  test("told with every reason at once", () => {
    const a = factsOf("a", {
      constraints: { requires: ["b", "c@^2"], incompatible_with: ["c"], max_chain: 1 },
    });
    expect(codesOf([a, factsOf("c")], "a", "z").sort()).toEqual([
      "ExpertConflict",
      "ExpertNotInstalled",
      "RequirementMissing",
      "RequirementVersion",
      "TooManyExperts",
    ]);
  });
});

describe("against a search of all subsets and orders", () => {
  const names = ["a", "b", "c", "d"];
  const versions = ["1.0.0", "1.2.0", "2.0.0"];
  const ranges = ["", "@^1.0.0", "@>=1.2.0", "@2.x", "@<1.0.0"];

  /** Versions and what they satisfy, told apart by hand rather than by the library. */
  const satisfied: Record<string, string[]> = {
    "1.0.0": ["", "@^1.0.0"],
    "1.2.0": ["", "@^1.0.0", "@>=1.2.0"],
    "2.0.0": ["", "@>=1.2.0", "@2.x"],
  };

  function randomUniverse(random: () => number): Map<string, ExpertFacts> {
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const some = (chance: number): string[] => names.filter(() => random() < chance);
    return universeOf(
      ...some(0.9).map((name) =>
        factsOf(
          name,
          {
            constraints: {
              requires: some(0.2).map((other) => `${other}${pick(ranges)}`),
              incompatible_with: some(0.06).filter((other) => other !== name),
              max_chain: pick([1, 2, 3, 4, 4, 4]),
              ...(random() < 0.5 ? { load_order: pick([0, 1, 2]) } : {}),
            },
          },
          pick(versions),
        ),
      ),
    );
  }

  function permutations(list: readonly string[]): string[][] {
    if (list.length === 0) return [[]];
    return list.flatMap((first) =>
      permutations(list.filter((other) => other !== first)).map((rest) => [first, ...rest]),
    );
  }

  /** Whether these in this order may be loaded, by the words of the documentation. */
  function isValid(order: readonly string[], universe: Map<string, ExpertFacts>): boolean {
    return order.every((name, place) => {
      const { constraints = {} } = universe.get(name)?.manifest ?? {};
      const requirements = (constraints.requires ?? []).every((text) => {
        const [other = "", range] = text.split("@");
        const before = order.indexOf(other);
        const version = universe.get(other)?.version ?? "";
        const wanted = range === undefined ? "" : `@${range}`;
        return before >= 0 && before < place && satisfied[version]?.includes(wanted) === true;
      });
      const alone = (constraints.incompatible_with ?? []).every((other) => !order.includes(other));
      return requirements && alone && order.length <= (constraints.max_chain ?? 10);
    });
  }

  /** Valid orders of the smallest set that holds what is wanted. */
  function search(universe: Map<string, ExpertFacts>, wanted: readonly string[]): string[][] {
    const installed = [...universe.keys()];
    const subsets = Array.from({ length: 2 ** installed.length }, (_, bits) =>
      installed.filter((__, i) => bits & (1 << i)),
    );
    const found = subsets
      .filter((subset) => wanted.every((name) => subset.includes(name)))
      .flatMap(permutations)
      .filter((order) => isValid(order, universe));
    const least = Math.min(...found.map(({ length }) => length));
    return found.filter(({ length }) => length === least);
  }

  test("finds an order exactly where there is one, and a valid one", () => {
    const random = randomsOf(20);
    let solved = 0;
    for (let round = 0; round < 1500; round++) {
      const universe = randomUniverse(random);
      const wanted = names.filter(() => random() < 0.4);
      const orders = search(universe, wanted);
      const { order } = resolveExperts(universe, wanted);
      expect(order === undefined).toBe(orders.length === 0);
      if (order === undefined) continue;
      solved += 1;
      expect(orders).toContainEqual(order);
    }
    expect(solved).toBeGreaterThan(300);
    expect(solved).toBeLessThan(1400);
  });
});
