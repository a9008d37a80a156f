// Threads change how long it takes, and no bit of what comes out.

import { expect, test } from "@jest/globals";
import { endToken } from "../support/gguf.js";
import { openTiny } from "../support/language.js";
import { collect } from "../support/streams.js";

const wide = { width: 16 };
const greedy = { maxTokens: 32, alternatives: 2, logitBias: { [endToken]: -Infinity } };

/** The tokens with their numbers, after a prompt of several batches. */
async function written(threads: number) {
  const model = await openTiny(wide, { threads });
  const parts = await collect(model.generate("Once upon a time. ".repeat(8), greedy));
  const { build } = model;
  model.dispose();
  return { build, tokens: parts.filter(({ type }) => type === "token") };
}

test("any number of threads gives the same tokens with the same probabilities", async () => {
  const alone = await written(1);
  expect(alone.build).toMatchObject({ name: expect.not.stringContaining("threads"), threads: 1 });
  expect(alone.tokens).toHaveLength(32);
  for (const threads of [2, 3]) {
    const together = await written(threads);
    expect(together.build).toMatchObject({
      name: `${alone.build.name}-threads`,
      threads,
      reason: expect.stringContaining(`${threads} threads`),
    });
    expect(together.tokens).toEqual(alone.tokens);
  }
});

test("sessions of a model with threads live beside each other in memory that grows", async () => {
  const model = await openTiny(wide, { threads: 2 });
  const before = (await model.memory()).total;
  const sessions = await Promise.all([1, 2, 3].map(() => model.session()));
  const texts = await Promise.all(
    sessions.map((session) => session.generate("a ".repeat(300), greedy).text()),
  );
  expect(new Set(texts).size).toBe(1);
  expect((await model.memory()).total).toBeGreaterThan(before);
  const saved = await sessions[0]?.save();
  const restored = await model.restore(saved as Uint8Array);
  expect(await restored.tokens()).toEqual(await sessions[1]?.tokens());
  model.dispose();
});

test("two models have threads of their own", async () => {
  const models = await Promise.all([1, 2].map(() => openTiny(wide, { threads: 2 })));
  const texts = await Promise.all(models.map((model) => model.generate("Once", greedy).text()));
  expect(texts[0]).toBe(texts[1]);
  for (const model of models) model.dispose();
});
