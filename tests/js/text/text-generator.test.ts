// The facade for programs that have one model at a time.

import { expect, test } from "@jest/globals";
import { TextGenerator, type Message } from "andon";
import { codeOf } from "../support/errors.js";
import { endToken, tinyGguf } from "../support/gguf.js";
import { textOf } from "../support/language.js";
import { collect } from "../support/streams.js";

const options = { maxTokens: 6, logitBias: { [endToken]: -Infinity } };
const messages: Message[] = [{ role: "user", content: "Hi" }];

test("nothing is loaded at first, and nothing runs", async () => {
  const generator = new TextGenerator();
  expect(generator.isLoaded).toBe(false);
  expect(generator.modelInfo).toBeUndefined();
  expect(await codeOf(() => generator.generate("Once"))).toBe("ModelNotLoaded");
  expect(await codeOf(() => collect(generator.generateStream("Once")))).toBe("ModelNotLoaded");
  generator.unload();
});

test("a model that is loaded writes and chats", async () => {
  const generator = new TextGenerator();
  await generator.load(tinyGguf(), { threads: 1 });
  expect(generator.isLoaded).toBe(true);
  expect(generator.modelInfo).toMatchObject({ name: "tiny", architecture: "llama" });
  const written = await generator.generate("Once", options);
  expect(written).toMatchObject({ completionTokens: 6, finishReason: "length" });
  expect(textOf(await collect(generator.generateStream("Once", options)))).toBe(written.text);
  expect((await generator.generate(messages, options)).promptTokens).toBeGreaterThan(10);
  generator.unload();
  expect(generator.isLoaded).toBe(false);
  expect(await codeOf(() => generator.generate("Once"))).toBe("ModelNotLoaded");
});

test("another model takes the place of the first, also from files by their names", async () => {
  const generator = new TextGenerator();
  await generator.load(tinyGguf(), { threads: 1 });
  const first = await generator.generate("Once", options);
  await generator.load({ "other.gguf": tinyGguf({ seed: 5 }) }, { threads: 1 });
  expect((await generator.generate("Once", options)).tokens).not.toEqual(first.tokens);
  generator.unload();
});

test("a load that fails leaves what was loaded", async () => {
  const generator = new TextGenerator();
  await generator.load(tinyGguf(), { threads: 1 });
  expect(await codeOf(() => generator.load(tinyGguf({ architecture: "mamba" })))).toBe(
    "UnsupportedArchitecture",
  );
  expect(generator.isLoaded).toBe(true);
  generator.unload();
});

test("a load that was overtaken is let go", async () => {
  const generator = new TextGenerator();
  const first = codeOf(() => generator.load(tinyGguf(), { threads: 1 }));
  const second = generator.load(tinyGguf({ seed: 5 }), { threads: 1 });
  expect(await first).toBe("ModelNotLoaded");
  await second;
  const third = codeOf(() => generator.load(tinyGguf(), { threads: 1 }));
  generator.unload();
  expect(await third).toBe("ModelNotLoaded");
  expect(generator.isLoaded).toBe(false);
});

test("unloading ends what is under way with Disposed", async () => {
  const generator = new TextGenerator();
  await generator.load(tinyGguf(), { threads: 1 });
  const waiting = codeOf(() => generator.generate("Once"));
  generator.unload();
  expect(await waiting).toBe("Disposed");
});
