// What a session writes, with a tiny random model: the same every time.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type LanguageModel, type Part, type TextSession } from "andon";
import { codeOf, thrownBy } from "../support/errors.js";
import { endToken } from "../support/gguf.js";
import { openTiny, textOf } from "../support/language.js";
import { collect } from "../support/streams.js";

let model: LanguageModel;
beforeAll(async () => {
  model = await openTiny();
});
afterAll(() => {
  model.dispose();
});

/** So that nothing ends but by the options. */
const noEnd = { logitBias: { [endToken]: -Infinity } };

async function withSession<T>(act: (session: TextSession) => Promise<T>): Promise<T> {
  const session = await model.session();
  try {
    return await act(session);
  } finally {
    session.dispose();
  }
}

describe("a generation", () => {
  test("gives typed parts: the prompt, tokens with their text, and why it ended", async () => {
    const prompt = "Once upon a time ".repeat(6);
    const parts = await collect(model.generate(prompt, { maxTokens: 4, ...noEnd }));
    const last = parts.at(-1);
    const reading = parts.filter(({ type }) => type === "prompt");
    expect(reading.length).toBeGreaterThan(1);
    expect(parts.filter(({ type }) => type === "token")).toHaveLength(4);
    expect(last).toMatchObject({
      type: "finish",
      reason: "length",
      promptTokens: 102,
      cachedTokens: 0,
      completionTokens: 4,
    });
    const { promptMs, decodeMs, tokensPerSecond } = last as Extract<Part, { type: "finish" }>;
    expect(promptMs).toBeGreaterThan(0);
    expect(tokensPerSecond).toBeCloseTo(3000 / decodeMs, 6);
  });

  test("gives its result without iteration, and after it", async () => {
    const options = { maxTokens: 8, ...noEnd };
    const generation = model.generate("Once", options);
    const text = textOf(await collect(generation));
    expect(await generation.result()).toMatchObject({ text, finishReason: "length" });
    expect(await generation.text()).toBe(text);
    const result = await model.generate("Once", options).result();
    expect(result.text).toBe(text);
    expect(result.tokens).toHaveLength(8);
  });

  test("says how probable each token was, and which were as well", async () => {
    const parts = await collect(
      model.generate("Once", { maxTokens: 3, alternatives: 3, ...noEnd }),
    );
    for (const part of parts) {
      if (part.type !== "token") continue;
      expect(part.logProbability).toBeLessThan(0);
      expect(part.alternatives).toHaveLength(3);
      const [first] = part.alternatives ?? [];
      expect(first).toMatchObject({ id: part.id, logProbability: part.logProbability });
    }
  });

  test("is the same again with its seed, and another with another", async () => {
    const options = { maxTokens: 16, temperature: 1.5, ...noEnd };
    const first = await model.generate("Once", options).result();
    const again = await model.generate("Once", { ...options, seed: first.seed }).result();
    expect(again.tokens).toEqual(first.tokens);
    const other = await model.generate("Once", { ...options, seed: first.seed + 1 }).result();
    expect(other.tokens).not.toEqual(first.tokens);
  });

  test("is biased as asked, by a record or a map", async () => {
    const logitBias = { 65: 100 };
    expect(await model.generate("Once", { maxTokens: 3, logitBias }).text()).toBe("AAA");
    const map = new Map([[66, 100]]);
    expect(await model.generate("Once", { maxTokens: 3, logitBias: map }).text()).toBe("BBB");
  });

  test("ends before a stop text, which is not part of it", async () => {
    const { text } = await model.generate("Once", { maxTokens: 24, ...noEnd }).result();
    const stop = Array.from(text)[10] ?? "";
    const stopped = await model.generate("Once", { maxTokens: 24, stop, ...noEnd }).result();
    expect(stopped).toMatchObject({
      finishReason: "stop",
      text: text.slice(0, text.indexOf(stop)),
    });
  });

  test("ends at a stop token", async () => {
    const logitBias = { 65: 100 };
    const result = await model.generate("Once", { stopTokens: [65], logitBias }).result();
    expect(result.finishReason).toBe("stop");
  });

  test("ends where the model ends its turn", async () => {
    const logitBias = { [endToken]: 100 };
    const result = await model.generate("Once", { logitBias }).result();
    expect(result).toMatchObject({ text: "", finishReason: "end" });
  });

  test("ends where the context is full", async () => {
    const result = await model.generate("Once", { context: 12, ...noEnd }).result();
    expect(result.finishReason).toBe("context");
    expect(result.promptTokens + result.completionTokens).toBe(12);
  });

  test("never gives half a character", async () => {
    // Bytes of "é", in any order.
    const options = { maxTokens: 64, temperature: 1, seed: 7, logitBias: { 0xc3: 100, 0xa9: 100 } };
    const { text, tokens } = await model.generate("Once", options).result();
    expect(text).toContain("é");
    expect(text).toBe(await model.decode(tokens));
  });

  test("writes nothing where nothing is asked for", async () => {
    const result = await model.generate("Once", { maxTokens: 0 }).result();
    expect(result).toMatchObject({ text: "", tokens: [], finishReason: "length" });
  });
});

describe("options", () => {
  const refused: [string, object][] = [
    ["temperature", { temperature: -1 }],
    ["topP", { topP: 2 }],
    ["topK", { topK: 1.5 }],
    ["seed", { seed: -1 }],
    ["maxTokens", { maxTokens: NaN }],
    ["minP", { minP: "much" }],
    ["stop", { stop: "" }],
    ["stop", { stop: ["a", 1] }],
    ["stopTokens", { stopTokens: [-1] }],
    ["alternatives", { alternatives: 21 }],
    ["logitBias", { logitBias: { word: 1 } }],
    ["logitBias", { logitBias: { 1: Infinity } }],
  ];
  test.each(refused)("%s: %j is InvalidArgument", async (name, options) => {
    const error = await thrownBy(() => model.generate("Once", options).text());
    expect(error).toMatchObject({ code: "InvalidArgument" });
    expect((error as Error).message).toMatch(new RegExp(`^${name}: `));
  });

  test("a prompt is a text or tokens", async () => {
    const once = await model.encode("Once");
    const options = { maxTokens: 4, ...noEnd };
    const text = await model.generate("Once", options).text();
    expect(await model.generate(once, options).text()).toBe(text);
    const wrong = [1, 2] as unknown as Uint32Array;
    expect(await codeOf(() => model.generate(wrong).text())).toBe("InvalidArgument");
    const outside = Uint32Array.of(1_000_000);
    expect(await codeOf(() => model.generate(outside).text())).toBe("TokenOutOfRange");
  });

  test("a context beyond the model's is InvalidArgument, a prompt beyond it ContextFull", async () => {
    expect(await codeOf(() => model.session({ context: 5000 }))).toBe("InvalidArgument");
    expect(await codeOf(() => model.generate("Once", { context: 3 }).text())).toBe("ContextFull");
  });

  test("a biased or stop token outside the vocabulary is InvalidArgument", async () => {
    const logitBias = { 1000: 1 };
    expect(await codeOf(() => model.generate("Once", { logitBias }).text())).toBe(
      "InvalidArgument",
    );
  });
});

describe("stopping", () => {
  test("ends with what there is, and the session goes on from there", async () => {
    await withSession(async (session) => {
      const generation = session.generate("Once", noEnd);
      let text = "";
      for await (const part of generation) {
        if (part.type !== "text") continue;
        text += part.text;
        generation.stop();
      }
      const result = await generation.result();
      expect(result).toMatchObject({ finishReason: "cancelled", text });
      expect(await session.length()).toBe(result.promptTokens + result.completionTokens);
      expect(await session.generate("", { maxTokens: 2, ...noEnd }).result()).toMatchObject({
        finishReason: "length",
        completionTokens: 2,
      });
    });
  });

  test("before it begins leaves nothing", async () => {
    const generation = model.generate("Once");
    generation.stop();
    expect(await generation.result()).toMatchObject({ text: "", finishReason: "cancelled" });
  });

  test("is what leaving the loop does", async () => {
    await withSession(async (session) => {
      const generation = session.generate("Once", noEnd);
      for await (const part of generation) if (part.type === "token") break;
      expect(await generation.result()).toMatchObject({ finishReason: "cancelled" });
      expect(await session.generate("", { maxTokens: 1, ...noEnd }).result()).toMatchObject({
        completionTokens: 1,
      });
    });
  });

  test("by a signal rejects with its reason at once, and the session goes on", async () => {
    await withSession(async (session) => {
      const abort = new AbortController();
      const reason = new Error("enough");
      const generation = session.generate("Once", { signal: abort.signal, ...noEnd });
      const thrown = await thrownBy(async () => {
        for await (const part of generation) if (part.type === "token") abort.abort(reason);
      });
      expect(thrown).toBe(reason);
      expect(await thrownBy(() => generation.result())).toBe(reason);
      expect(await session.generate("", { maxTokens: 1, ...noEnd }).text()).not.toBe(undefined);
    });
  });

  test("by a signal that has aborted begins nothing", async () => {
    const signal = AbortSignal.abort();
    expect(await thrownBy(() => model.generate("Once", { signal }).text())).toBe(signal.reason);
    await withSession(async (session) => {
      expect(await thrownBy(() => session.generate("Once", { signal }).text())).toBe(signal.reason);
      expect(await session.length()).toBe(0);
    });
  });

  test("one who waits leaves the queue to those behind", async () => {
    await withSession(async (session) => {
      const abort = new AbortController();
      const first = session.generate("Once", { maxTokens: 30, ...noEnd }).result();
      const second = thrownBy(() => session.generate("x", { signal: abort.signal }).text());
      const third = session.generate("y", { maxTokens: 1, ...noEnd }).result();
      abort.abort();
      expect(await second).toBe(abort.signal.reason);
      expect((await first).completionTokens).toBe(30);
      expect((await third).promptTokens).toBe(4 + 30 + 1);
    });
  });
});

describe("a session", () => {
  const options = { maxTokens: 12, ...noEnd };

  test("goes on where it was", async () => {
    await withSession(async (session) => {
      const { tokens } = await session.generate("Once", { maxTokens: 12, ...noEnd }).result();
      await session.truncate(4 + 6);
      expect(await session.generate("", { maxTokens: 6, ...noEnd }).result()).toMatchObject({
        tokens: tokens.slice(6),
        cachedTokens: 10,
      });
      expect(Array.from(await session.tokens())).toEqual([
        ...(await model.encode("Once")),
        ...tokens,
      ]);
    });
  });

  test("cannot be cut longer than it is", async () => {
    await withSession(async (session) => {
      for (const length of [1, -1, 0.5]) {
        expect(await codeOf(() => session.truncate(length))).toBe("InvalidArgument");
      }
    });
  });

  test("without a text has nothing to go on from", async () => {
    await withSession(async (session) => {
      expect(await codeOf(() => session.generate("").text())).toBe("InvalidArgument");
    });
  });

  test("does what it is asked in order, beside others", async () => {
    const [one, two] = await Promise.all([model.session(), model.session()]);
    const alone = await model.generate("Once", options).text();
    const both = await Promise.all([
      one.generate("Once", options).text(),
      two.generate("Once", options).text(),
      one.length(),
    ]);
    expect(both).toEqual([alone, alone, 16]);
    one.dispose();
    two.dispose();
  });

  test("forks: both go on by themselves", async () => {
    await withSession(async (session) => {
      await session.generate("Once", options).text();
      const fork = await session.fork();
      const before = await session.tokens();
      const there = await fork.generate(" upon", options).text();
      expect(await session.tokens()).toEqual(before);
      expect(await session.generate(" upon", options).text()).toBe(there);
      fork.dispose();
    });
  });

  test("is saved, and goes on after it was restored as if nothing had been", async () => {
    const random = { temperature: 1.2, seed: 11, ...noEnd };
    await withSession(async (session) => {
      const whole = await model.generate("Once", { ...random, maxTokens: 20 }).result();
      const begin = await session.generate("Once", { ...random, maxTokens: 8 }).result();
      expect(begin.tokens).toEqual(whole.tokens.slice(0, 8));
      const saved = await session.save();
      const restored = await model.restore(saved);
      const rest = { ...random, maxTokens: 12, resume: true };
      const there = await restored.generate("", rest).result();
      expect(there.tokens).toEqual(whole.tokens.slice(8));
      expect((await session.generate("", rest).result()).tokens).toEqual(there.tokens);
      restored.dispose();
    });
  });

  test("that was damaged is SessionMalformed, of another model SessionForeign", async () => {
    const saved = await withSession(async (session) => {
      await session.generate("Once", options).text();
      return session.save();
    });
    const damaged = Uint8Array.from(saved);
    damaged[saved.length >> 1] = (saved[saved.length >> 1] ?? 0) ^ 1;
    expect(await codeOf(() => model.restore(damaged))).toBe("SessionMalformed");
    expect(await codeOf(() => model.restore(saved.subarray(0, -1)))).toBe("SessionMalformed");
    const other = await openTiny({ seed: 2 });
    expect(await codeOf(() => other.restore(saved))).toBe("SessionForeign");
    other.dispose();
  });

  test("is Disposed after dispose(), and what waits as well", async () => {
    const session = await model.session();
    const generation = session.generate("Once", noEnd);
    const parts = generation[Symbol.asyncIterator]();
    await parts.next();
    const waiting = codeOf(() => session.tokens());
    session.dispose();
    session.dispose();
    const rest = codeOf(async () => {
      while ((await parts.next()).done !== true) continue;
    });
    expect(await rest).toBe("Disposed");
    expect(await waiting).toBe("Disposed");
    expect(await codeOf(() => session.save())).toBe("Disposed");
  });
});

describe("a model", () => {
  test("encodes and decodes", async () => {
    const tokens = await model.encode("Hé<|end|>");
    expect(Array.from(tokens).slice(0, 3)).toEqual([0x48, 0xc3, 0xa9]);
    expect(await model.decode(tokens)).toBe("Hé<|end|>");
    expect(Array.from(await model.encode("<|end|>", { special: true }))).toEqual([endToken]);
    expect(await model.decode([endToken])).toBe("");
    expect(await model.decode([endToken], { special: true })).toBe("<|end|>");
    expect(await codeOf(() => model.decode([1_000_000]))).toBe("TokenOutOfRange");
  });

  test("embeds: a vector of length 1, the same for the same text", async () => {
    const [one, again, other] = await Promise.all(
      ["Once", "Once", "Twice"].map((text) => model.embed(text)),
    );
    expect(one).toHaveLength(32);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    const squares = one?.reduce((sum, value) => sum + value * value, 0);
    expect(squares).toBeCloseTo(1, 4);
  });

  test("embeds with the token that the tokenizer wants after a text", async () => {
    const [plain, appending] = await Promise.all([openTiny(), openTiny({ appends: true })]);
    expect(plain.description.tokenizer.appended).toBeNull();
    expect(appending.description.tokenizer.appended).toBe(endToken);
    expect(await appending.embed("Once")).not.toEqual(await plain.embed("Once"));
    const prompt = { maxTokens: 4 };
    expect(await appending.generate("Once", prompt).text()).toBe(
      await plain.generate("Once", prompt).text(),
    );
    plain.dispose();
    appending.dispose();
  });

  test("embeds by the last token, or by the mean of all", async () => {
    const last = await model.embed("Once");
    expect(await model.embed("Once", { pooling: "last" })).toEqual(last);
    expect(await model.embed("Once", { pooling: "mean" })).not.toEqual(last);
    const pooling = "first" as "last";
    expect(await codeOf(() => model.embed("Once", { pooling }))).toBe("InvalidArgument");
  });

  test("says what it holds", async () => {
    const { total, weights } = await model.memory();
    expect(weights).toBe(model.description.weightBytes);
    expect(total).toBeGreaterThan(weights);
  });
});
