// The four builds for language models in a browser: they differ in speed alone.

import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "./page.js";
import { randomModel, storyModel, test } from "./language-models.js";

const builds = [
  { name: "andon-text", relaxed: false, threads: 1 },
  { name: "andon-text-relaxed", relaxed: true, threads: 1 },
  { name: "andon-text-threads", relaxed: false, threads: 2 },
  { name: "andon-text-relaxed-threads", relaxed: true, threads: 2 },
];

interface Wish {
  model: string; // Base64
  prompt: string;
  relaxed: boolean;
  threads: number;
}

/** What the package in the page makes of a prompt, as an engine without relaxed SIMD where that is asked for. */
async function greedy(page: Page, wish: Wish) {
  await page.goto("/");
  return page.evaluate(async ({ model, prompt, relaxed, threads }) => {
    if (!relaxed) WebAssembly.validate = () => false;
    const { open } = (await import(`${location.origin}/andon/index.js`)) as typeof import("andon");
    const bytes = Uint8Array.from(atob(model), (char) => char.charCodeAt(0));
    const opened = await open(bytes, { kind: "language-model", threads });
    const { tokens } = await opened.generate(prompt, { maxTokens: 32 }).result();
    const { build } = opened;
    opened.dispose();
    return { build, tokens };
  }, wish);
}

function storyTokens(): number[] {
  const path = "../../shared/data/models/stories260K/hf-stories260K.json";
  const text = readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
  return (JSON.parse(text) as { greedy32: number[] }).greedy32;
}

for (const { name, relaxed, threads } of builds)
  test(`${name} writes what Transformers write`, async ({ page }) => {
    const story = storyModel();
    if (!story) return;
    const model = story.buffer.toString("base64");
    const { build, tokens } = await greedy(page, {
      ...{ model, relaxed, threads },
      prompt: "Once upon a time",
    });
    expect(build).toMatchObject({ name, threads });
    expect(tokens).toEqual(storyTokens());
  });

test("all builds write the same", async ({ page }) => {
  const types = { type: "q4_K", headType: "q6_K" }; // for these relaxed SIMD computes in another way
  const model = (await randomModel("types.gguf", types)).buffer.toString("base64");
  const texts = new Map<string, number[]>();
  for (const { name, relaxed, threads } of builds) {
    const { build, tokens } = await greedy(page, { model, relaxed, threads, prompt: "a b c" });
    expect(build).toMatchObject({ name, threads });
    texts.set(name, tokens);
  }
  const plain = texts.get("andon-text");
  expect(plain).toHaveLength(32);
  for (const tokens of texts.values()) expect(tokens).toEqual(plain);
});
