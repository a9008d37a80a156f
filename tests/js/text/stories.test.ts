// A real model, and the tokens that an independent implementation makes of it.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { open, type LanguageModel } from "andon";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { textOf } from "../support/language.js";
import { readShared } from "../support/shared.js";
import { collect } from "../support/streams.js";

interface Reference {
  ids: number[];
  greedy32: number[];
}

const reference = readShared("models/stories260K/hf-stories260K.json") as Reference | undefined;
const folder = new URL("../../../../../shared/data/models/stories260K/", import.meta.url);
const path = fileURLToPath(new URL("stories260K.gguf", folder));
const greedy = { maxTokens: 32 };

let model: LanguageModel | undefined;
beforeAll(async () => {
  if (reference !== undefined) model = await open(path, { kind: "language-model" });
});
afterAll(() => {
  model?.dispose();
});

test("writes the tokens of the reference", async () => {
  if (model === undefined || reference === undefined) return;
  const session = await model.session();
  const { tokens, text } = await session.generate("Once upon a time", greedy).result();
  expect(Array.from((await session.tokens()).slice(0, 5))).toEqual(reference.ids);
  expect(tokens).toEqual(reference.greedy32);
  expect(text).toMatch(/^, there was a little girl named Lily\./);
  session.dispose();
});

test("writes the same in exact precision, and from bytes", async () => {
  if (reference === undefined) return;
  for (const source of [path, readFileSync(path)]) {
    const exact = await open(source, { kind: "language-model", precision: "exact" });
    const { tokens } = await exact.generate("Once upon a time", greedy).result();
    expect(tokens).toEqual(reference.greedy32);
    exact.dispose();
  }
});

test("writes the same with two threads", async () => {
  if (reference === undefined) return;
  const threaded = await open(path, { kind: "language-model", threads: 2 });
  expect(threaded.build.threads).toBe(2);
  const { tokens } = await threaded.generate("Once upon a time", greedy).result();
  expect(tokens).toEqual(reference.greedy32);
  threaded.dispose();
});

test("writes the same in pieces: stopped, saved, restored, gone on with", async () => {
  if (model === undefined || reference === undefined) return;
  const session = await model.session();
  const generation = session.generate("Once upon a time");
  const first: number[] = [];
  for await (const part of generation) {
    if (part.type !== "token") continue;
    first.push(part.id);
    if (first.length === 5) generation.stop();
  }
  const restored = await model.restore(await session.save());
  const maxTokens = Math.max(0, 32 - first.length);
  const rest = await restored.generate("", { maxTokens, resume: true }).result();
  expect([...first, ...rest.tokens].slice(0, 32)).toEqual(reference.greedy32);
  restored.dispose();
  session.dispose();
});

test("streams the text that its tokens stand for", async () => {
  if (model === undefined) return;
  const parts = await collect(model.generate("Once upon a time", greedy));
  const tokens = parts.flatMap((part) => (part.type === "token" ? [part.id] : []));
  expect(` ${textOf(parts)}`.trim()).toBe((await model.decode(tokens)).trim());
});
