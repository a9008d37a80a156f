// The manager with a real base and real experts, those that ship: from a package to an answer, and every refusal between.

import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  ExpertManager,
  memoryTrustStore,
  open,
  openExpertStore,
  type ExpertManagerOptions,
  type LanguageModel,
} from "andon";
import { codeOf, errorOf } from "../support/errors.js";
import { openTiny } from "../support/language.js";

const assistant = (name: string): string =>
  fileURLToPath(new URL(`../../../../examples/assistant/${name}`, import.meta.url));
const trust = [{ key: readFileSync(assistant("assistant-root.pub.pem"), "utf8") }];
const revocationLists = [new Uint8Array(readFileSync(assistant("revoked.crl")))];

const questions = {
  sql: "Table rivers: id, name, country, length\nList the name of rivers with length above 500.",
  json: 'JSON {"name": text, "price": number}\nNew book: name is Nova and price 30.',
  cypher: "Graph (:River {name,length})\nList the name of rivers with length above 500.",
};
const answers = {
  sql: "SELECT name FROM rivers WHERE length > 500",
  json: /^\{"name": .*, "price": .*\}$/,
  cypher: /^MATCH \(.*:River\) .*RETURN .*name$/,
};
type Task = keyof typeof questions;
const tasks: Task[] = ["sql", "json", "cypher"];
const asked = (content: string): { role: string; content: string }[] => [{ role: "user", content }];

let base: LanguageModel;
let folder: string;
let path: string;
let count = 0;

const openBase = (): Promise<LanguageModel> =>
  open(assistant("base.gguf"), { kind: "language-model", threads: 1 });

beforeAll(async () => {
  base = await openBase();
  folder = await mkdtemp(join(tmpdir(), "andon-assistant-"));
});

afterAll(async () => {
  base.dispose();
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  path = join(folder, `store-${++count}`);
});

/** Over the store of this test, as a program that has just begun. */
async function started(options: Partial<ExpertManagerOptions> = {}): Promise<ExpertManager> {
  const store = await openExpertStore(path);
  return new ExpertManager({ store, model: base, trust, revocationLists, ...options });
}

async function stocked(options: Partial<ExpertManagerOptions> = {}): Promise<ExpertManager> {
  const manager = await started(options);
  for (const task of tasks) await manager.install(assistant(`expert-${task}.expert`));
  return manager;
}

const loadedNames = ({ loaded }: ExpertManager): string[] => loaded.map(({ name }) => name);
const fileIn = async (store: string): Promise<string> => {
  const name = (await readdir(store)).find((each) => each.endsWith(".expert"));
  return join(store, name ?? "");
};

describe("from packages to answers", () => {
  test("what one program installs another one finds", async () => {
    await stocked();
    const manager = await started();
    const experts = await manager.list();
    expect(experts.map(({ name }) => name)).toEqual(["expert-cypher", "expert-json", "expert-sql"]);
    for (const { sha256, publisher, signer } of experts) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(publisher).not.toBe(signer);
    }
    for (const { verdict } of await manager.verify()) {
      expect(verdict).toMatchObject({ integrity: "ok", trust: "trusted" });
    }
    await manager.unload();
  });

  test.each(tasks)("a question for %s is routed, and answered under its grammar", async (task) => {
    const manager = await stocked();
    const chat = manager.chat(asked(questions[task]), { maxTokens: 96 });
    for await (const part of chat) {
      if (part.type !== "text") continue;
      expect(manager.loaded).toMatchObject([{ name: `expert-${task}`, inUse: true }]);
    }
    const { text, route, finishReason } = await chat.result();
    expect(route).toMatchObject({ expert: `expert-${task}` });
    expect(text).toMatch(answers[task]);
    expect(finishReason).toBe("end");
    expect(manager.loaded).toMatchObject([{ inUse: false }]);
    await manager.unload();
    expect(manager.loaded).toEqual([]);
  });

  test.each(["How many rivers are in Chile?", "Show me the colors of the houses."])(
    "the base answers: %s",
    async (question) => {
      const manager = await stocked();
      const result = await manager.chat(asked(question), { maxTokens: 8 }).result();
      expect(result).toMatchObject({ experts: [], route: { expert: null } });
      expect(result.text).toBe(await base.chat(asked(question), { maxTokens: 8 }).text());
      expect(manager.loaded).toEqual([]);
    },
  );

  test("another base answers by itself: these experts were made for theirs", async () => {
    const model = await openTiny();
    const manager = await stocked({ model });
    const options = { experts: ["expert-sql"], maxTokens: 4 };
    const named = manager.chat(asked(questions.sql), options);
    expect(await codeOf(() => named.text())).toMatch(/^Base(Model|Shape)Mismatch$/);
    const result = await manager.chat(asked(questions.sql), { maxTokens: 4 }).result();
    expect(result).toMatchObject({ experts: [], route: { expert: null } });
    expect(result.route?.candidates.map(({ name }) => name)).not.toContain("expert-sql");
    model.dispose();
  });

  test("in one session each question has its own expert, and no trace of the one before", async () => {
    const manager = await stocked();
    const session = await base.session();
    const texts: string[] = [];
    for (const task of [...tasks, "sql"] as Task[]) {
      const chat = manager.chat(asked(questions[task]), { session, maxTokens: 96 });
      texts.push(await chat.text());
    }
    for (const [i, task] of tasks.entries()) expect(texts[i]).toMatch(answers[task]);
    expect(texts[3]).toBe(texts[0]);
    session.dispose();
    await manager.unload();
  });

  test("all of them at once, where they are named: the first decides", async () => {
    const manager = await stocked();
    const experts = ["expert-sql", "expert-json", "expert-cypher"];
    const options = { experts, maxTokens: 24 };
    const result = await manager.chat(asked(questions.sql), options).result();
    expect(result.experts[0]).toBe("expert-sql");
    expect(result.text).toMatch(/^SELECT /);
    expect(loadedNames(manager).sort()).toEqual(experts.sort());
    await manager.unload();
  });
});

describe("whom a question is for", () => {
  const cases = JSON.parse(
    readFileSync(new URL("../../../../bench/quality/cases.json", import.meta.url), "utf8"),
  ) as { task: Task; prompt: string }[];

  test("every question of the quality bench goes to its expert", async () => {
    const manager = await stocked();
    const wrong: string[] = [];
    for (const { task, prompt } of cases) {
      const { expert } = await manager.route(prompt);
      if (expert !== `expert-${task}`) wrong.push(prompt);
    }
    expect(wrong).toEqual([]);
  });

  test.each([
    ["expert-sql", "CREATE TABLE rivers (id INTEGER, name TEXT);\nHow many rivers are in Chile?"],
    ["expert-sql", "rivers(id, name, country)\nHow many rivers are in Chile?"],
    ["expert-sql", "Columns: name, country, length. Show the longest river."],
    ["expert-json", 'JSON {"table": number, "guests": number}\nBook table 5 for 3 guests.'],
    ["expert-json", 'Fill the template {"name": text}: the car Nova.'],
    ["expert-cypher", "Graph (:Table {size,color})\nList the size of tables."],
    ["expert-cypher", "Nodes: Person. Relationships: KNOWS. Who knows Ada?"],
    [null, "How many rivers are in Chile?"],
    [null, "List the names of rivers."],
    [null, "Book a table for two at eight."],
    [null, "What are the fields of mathematics?"],
    [null, "Select a nice wine for dinner."],
    [null, "The relationship of cats and dogs"],
  ])("%s: %j", async (expert, question) => {
    expect((await (await stocked()).route(question)).expert).toBe(expert);
  });
});

describe("what is loaded", () => {
  test("beyond the count the least recently used is detached, and comes back from memory", async () => {
    const manager = await stocked({ limits: { count: 2 } });
    const sql = await manager.load("expert-sql");
    await manager.load("expert-json");
    await manager.load("expert-cypher");
    expect(loadedNames(manager)).toEqual(["expert-json", "expert-cypher"]);
    expect(sql.isAttached).toBe(false);
    const again = await manager.load("expert-sql");
    expect(again.timings.cached).toBe(true);
    expect(loadedNames(manager)).toEqual(["expert-cypher", "expert-sql"]);
    const text = await manager.chat(asked(questions.sql), { maxTokens: 96 }).text();
    expect(text).toBe(answers.sql);
    await manager.unload();
  });

  test("beyond the bytes as well, by what each holds in the memory of the model", async () => {
    const measuring = await stocked();
    const { total } = await (await measuring.load("expert-sql")).memory();
    expect(measuring.loaded).toMatchObject([{ bytes: total }]);
    await measuring.unload();
    const manager = await started({ limits: { bytes: 1.5 * total } });
    await manager.load("expert-sql");
    await manager.load("expert-json");
    expect(loadedNames(manager)).toEqual(["expert-json"]);
    await manager.unload();
    const tight = await started({ limits: { bytes: 0.5 * total } });
    expect(await codeOf(() => tight.load("expert-sql"))).toBe("ExpertBudget");
    expect(tight.loaded).toEqual([]);
  });

  test("preload loads what there is room for", async () => {
    const manager = await stocked();
    const { loaded, refused } = await manager.preload();
    expect(loaded).toHaveLength(3);
    expect(refused).toEqual([]);
    await manager.unload();
  });

  test("what is removed is detached and gone from the folder", async () => {
    const manager = await stocked();
    const sql = await manager.load("expert-sql");
    await manager.remove("expert-sql");
    expect(sql.isAttached).toBe(false);
    expect(await codeOf(() => manager.load("expert-sql"))).toBe("ExpertNotInstalled");
    expect((await readdir(path)).filter((name) => name.endsWith(".expert"))).toHaveLength(2);
    const result = await manager.chat(asked(questions.sql), { maxTokens: 8 }).result();
    expect(result.route?.expert).toBeNull();
  });
});

describe("what is refused", () => {
  test("at install: what was tampered with, and what is revoked", async () => {
    const manager = await started();
    const tampered = await errorOf(() => manager.install(assistant("tampered.expert")));
    expect(tampered).toMatchObject({
      code: "ExpertSectionHash",
      verdict: { integrity: "corrupt" },
    });
    expect(await codeOf(() => manager.install(assistant("revoked.expert")))).toBe("Revoked");
    expect(await manager.list()).toEqual([]);
  });

  test("at load: what was revoked after it was installed", async () => {
    const store = memoryTrustStore();
    await store.addKey({ key: trust[0]?.key ?? "" });
    const manager = await started({ trust: store, revocationLists: [] });
    const { name } = await manager.install(assistant("revoked.expert"));
    await manager.load(name);
    await manager.unload();
    await store.addList(readFileSync(assistant("revoked.crl")));
    expect(await codeOf(() => manager.load(name))).toBe("Revoked");
    expect(await manager.verify()).toMatchObject([{ error: { code: "Revoked" } }]);
    expect(manager.loaded).toEqual([]);
  });

  test("at load: a file of the store that changed, also where its hash was changed with it", async () => {
    const model = await openBase(); // which has nothing of it in memory yet
    const manager = await started({ model });
    const { sha256 } = await manager.install(assistant("expert-sql.expert"));
    await writeFile(await fileIn(path), await readFile(assistant("tampered.expert")));
    expect(await codeOf(() => manager.load("expert-sql"))).toBe("ExpertChanged");
    const list = join(path, "experts.json");
    const sums = readFileSync(assistant("SHA256SUMS"), "utf8");
    const sum = /^(\w{64}) {2}tampered\.expert$/m.exec(sums)?.[1] ?? "";
    await writeFile(list, (await readFile(list, "utf8")).replace(sha256, sum));
    const forged = await started({ model });
    expect(await codeOf(() => forged.load("expert-sql"))).toBe("ExpertSectionHash");
    expect(await codeOf(() => forged.chat(asked(questions.sql)).text())).toBe("ExpertSectionHash");
    expect(forged.loaded).toEqual([]);
    model.dispose();
  });

  test("at load: a list that says other than the package", async () => {
    const manager = await started();
    await manager.install(assistant("expert-sql.expert"));
    const list = join(path, "experts.json");
    await writeFile(list, (await readFile(list, "utf8")).replace('"table"', '"weather"'));
    const forged = await started();
    expect((await forged.route("weather")).expert).toBe("expert-sql");
    expect(await codeOf(() => forged.load("expert-sql"))).toBe("ExpertChanged");
    expect(forged.loaded).toEqual([]);
  });
});
