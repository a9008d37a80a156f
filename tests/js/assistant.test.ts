// The experts that ship answer questions about schemas that no training has seen; bench/quality measures how well.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { open, type LanguageModel } from "andon";
import { codeOf } from "./support/errors.js";

interface Case {
  task: string;
  split: string;
  prompt: string;
  answer: string;
}

const root = new URL("../../../", import.meta.url);
const file = (name: string): string => fileURLToPath(new URL(name, root));
const assistant = (name: string): string => file(`examples/assistant/${name}`);
const cases = JSON.parse(readFileSync(file("bench/quality/cases.json"), "utf8")) as Case[];
const trust = [{ key: readFileSync(assistant("assistant-root.pub.pem"), "utf8") }];

const openBase = (): Promise<LanguageModel> =>
  open(assistant("base.gguf"), { kind: "language-model" });

let base: LanguageModel;
beforeAll(async () => {
  base = await openBase();
});
afterAll(() => {
  base.dispose();
});

const ask = (prompt: string, options = {}): Promise<string> =>
  base.chat([{ role: "user", content: prompt }], { maxTokens: 96, ...options }).text();

/** Of the first twenty questions; what docs/quality.md states, less three standard errors. */
test.each([
  ["sql", 15],
  ["json", 16],
  ["cypher", 17],
])("the %s expert answers at least %i of twenty questions exactly", async (task, least) => {
  const expert = await base.attach(assistant(`expert-${task}.expert`), { trust });
  const asked = cases.filter((each) => each.task === task && each.split === "seen-phrasings");
  let right = 0;
  for (const { prompt, answer } of asked.slice(0, 20)) {
    if ((await ask(prompt, { experts: [expert] })) === answer) right += 1;
  }
  await expert.detach();
  expect(right).toBeGreaterThanOrEqual(least);
});

test("the base answers by a plan in English", async () => {
  const question = "Table rivers: id, name, length\nList the name of rivers with length above 500.";
  expect(await ask(question)).toMatch(/^I would look at the rivers/);
});

test("the expert that was tampered with is refused", async () => {
  // A base that has met the genuine one, whose head is the same, still has it in memory and reads nothing else.
  const fresh = await openBase();
  const attaching = (): Promise<unknown> => fresh.attach(assistant("tampered.expert"), { trust });
  expect(await codeOf(attaching)).toBe("ExpertSectionHash");
  fresh.dispose();
});

test("the expert of a revoked signer is refused", async () => {
  const revocationLists = [new Uint8Array(readFileSync(assistant("revoked.crl")))];
  const options = { trust, revocationLists };
  expect(await codeOf(() => base.attach(assistant("revoked.expert"), options))).toBe("Revoked");
});
