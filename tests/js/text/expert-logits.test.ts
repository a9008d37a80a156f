// A LoRA on a model, and the probabilities that transformers and PEFT give with it.

import { expect, test } from "@jest/globals";
import { open } from "andon";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readShared } from "../support/shared.js";

const reference = readShared("models/tiny_qwen3/hf-tiny_qwen3.json") as
  { ids: number[] } | undefined;
const folder = new URL("../../../../../shared/data/models/tiny_qwen3/", import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(name, folder));

/** The data do not say which: the only ones with which the base gives hf-tiny_qwen3-gguf.logits.f32. */
const tokens = Uint32Array.of(1, 229, 153, 132, 75, 104, 111, 111, 114);

/** Of the last token. */
function expectedOf(name: string): number[] {
  const bytes = Uint8Array.from(readFileSync(pathOf(name)));
  const all = new Float32Array(bytes.buffer);
  const logits = Array.from(all.subarray(all.length - all.length / tokens.length));
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return logits.map((logit) => logit - Math.log(sum));
}

test("an attached LoRA gives the probabilities of PEFT", async () => {
  if (reference === undefined) return;
  const model = await open(pathOf("tiny_qwen3-f32.gguf"), {
    kind: "language-model",
    precision: "exact",
    threads: 1,
  });
  const expert = await model.attach(pathOf("lora"));
  const expected = expectedOf("hf-tiny_qwen3-lora.logits.f32");
  const options = { maxTokens: 1, alternatives: 20, cacheType: "f32" } as const;
  for await (const part of model.generate(tokens, { ...options, experts: [expert] })) {
    if (part.type !== "token") continue;
    expect(part.alternatives).toHaveLength(20);
    for (const { id, logProbability } of part.alternatives ?? []) {
      expect(logProbability).toBeCloseTo(expected[id] ?? 0, 4);
    }
    expect(expected[part.id]).toBe(Math.max(...expected));
  }
  model.dispose();
});
