// Experts on a language model: attached, chosen by sessions, detached; with a tiny random model.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  memoryTrustStore,
  packExpert,
  type AttachedExpert,
  type ExpertPackOptions,
  type GenerateOptions,
  type LanguageModel,
} from "andon";
import { codeOf, errorOf, thrownBy } from "../support/errors.js";
import { expertFile, grammar, metadata, peftFolder } from "../support/experts.js";
import { endToken } from "../support/gguf.js";
import { keyOf, seedOf } from "../support/keys.js";
import { openTiny } from "../support/language.js";

/** Of the shapes of the tiny adapter. */
const tiny = { width: 2 };
const trust = [{ key: keyOf(5), name: "Publisher" }];
/** As the model writes by itself: greedy, to the end. */
const plain = { maxTokens: 12, grammar: false, logitBias: { [endToken]: -Infinity } } as const;

let model: LanguageModel;
let file: Uint8Array;
beforeAll(async () => {
  model = await openTiny(tiny);
  file = await expertFile(1, { signingKey: seedOf(5) });
});
afterAll(() => {
  model.dispose();
});

const utf8 = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** An expert of the tiny adapter and further files. */
async function withFiles(
  files: Record<string, Uint8Array>,
  options: ExpertPackOptions = {},
): Promise<Uint8Array> {
  const { bytes } = await packExpert({ ...peftFolder(1), ...files }, { metadata, ...options });
  return bytes;
}

async function attached<T>(
  source: Parameters<LanguageModel["attach"]>[0],
  act: (expert: AttachedExpert) => Promise<T>,
  options: Parameters<LanguageModel["attach"]>[1] = {},
): Promise<T> {
  const expert = await model.attach(source, options);
  try {
    return await act(expert);
  } finally {
    await expert.detach();
  }
}

async function write(expert: AttachedExpert | undefined, weight = 1): Promise<string> {
  const experts = expert === undefined ? [] : [{ expert, weight }];
  return model.generate("Once upon", { ...plain, experts }).text();
}

describe("attaching", () => {
  test("verifies, and says what the expert is and brings", async () => {
    await attached(
      file,
      async (expert) => {
        expect(expert.verdict).toMatchObject({ trust: "trusted", signerName: "Publisher" });
        expect(expert.description).toMatchObject({ name: "expert-sample", formatVersion: "2.0" });
        expect(expert).toMatchObject({ name: "expert-sample", version: "1.2.3", isAttached: true });
        expect(expert.brings).toEqual({
          adapter: true,
          grammar: true,
          softPromptTokens: 0,
          calibration: false,
          tokens: 0,
        });
        const { verifiedMs, firstLayerMs, readyMs } = expert.timings;
        expect(verifiedMs).toBeGreaterThan(0);
        expect(firstLayerMs).toBeGreaterThanOrEqual(verifiedMs);
        expect(readyMs).toBeGreaterThanOrEqual(firstLayerMs);
        const { total, adapter } = await expert.memory();
        expect(adapter).toBeGreaterThan(2 * 2 * 64 * 4);
        expect(total).toBeGreaterThan(adapter);
      },
      { trust },
    );
  });

  test("takes every kind of source, and both versions", async () => {
    const sources = [
      file,
      new Blob([file as Uint8Array<ArrayBuffer>]),
      new Response(file as Uint8Array<ArrayBuffer>),
      [file.subarray(0, 100), file.subarray(100)],
      await expertFile(1, { version: 1 }),
      [await expertFile(1, { version: 1 })],
    ];
    const texts = [];
    for (const source of sources) texts.push(await attached(source, write));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toBe(await write(undefined));
  });

  test("takes a PEFT folder, which nobody signed", async () => {
    const folder = peftFolder(1);
    await attached(folder, async (expert) => {
      expect(expert.description.formatVersion).toBe("peft");
      expect(expert.verdict).toMatchObject({ integrity: "ok", signature: "none" });
      expect(expert.verdict.reasons[0]).toContain("PEFT");
      expect(await write(expert)).toBe(await attached(file, write));
    });
    const error = await errorOf(() => model.attach(folder, { trust }));
    expect(error).toMatchObject({ code: "SignatureMissing", verdict: { signature: "none" } });
    await attached(folder, write, { trust, allowUnsigned: true });
  });

  test("refuses what open refuses, with the verdict, and attaches nothing", async () => {
    const damaged = Uint8Array.from(file);
    damaged[200] = (damaged[200] ?? 0) ^ 1;
    const error = await errorOf(() => model.attach(damaged, { trust }));
    expect(error.code).toBe("SignatureInvalid");
    expect(error.verdict).toMatchObject({ signature: "invalid" });
    expect(await codeOf(() => model.attach(file, { trust: [{ key: keyOf(6) }] }))).toBe(
      "SignerUnknown",
    );
    const unsigned = await expertFile(1);
    expect(await codeOf(() => model.attach(unsigned, { trust }))).toBe("SignatureMissing");
    expect(await codeOf(() => model.attach("nowhere.expert"))).toBe("SourceUnreadable");
    expect(await codeOf(() => model.attach(file, { maxBytes: 100 }))).toBe("FileTooLarge");
    expect(await codeOf(() => model.attach(file, { weight: Number.NaN }))).toBe("InvalidArgument");
  });

  test("refuses a damaged section, as its hash says", async () => {
    const damaged = Uint8Array.from(file);
    const { sections } = await attached(file, ({ description }) => Promise.resolve(description));
    const params = sections.find(({ type }) => type === "params");
    const place = params?.offset ?? 0;
    damaged[place] = (damaged[place] ?? 0) ^ 1;
    const fresh = await openTiny(tiny);
    expect(await codeOf(() => fresh.attach(damaged, { trust }))).toBe("ExpertSectionHash");
    fresh.dispose();
  });

  test("refuses LoRA-FA with the reason", async () => {
    const folder = {
      ...peftFolder(1),
      "adapter_config.json": utf8({ peft_type: "LORA_FA", r: 2, lora_alpha: 4 }),
    };
    const error = await errorOf(() => model.attach(folder));
    expect(error.code).toBe("PeftUnsupported");
    expect(error.message).toContain("A");
  });

  test("refuses another base: by name, by shape", async () => {
    const foreign = await expertFile(1, {
      metadata: { ...metadata, base_model: { name: "Another/Model-7B" } },
    });
    const error = await errorOf(() => model.attach(foreign));
    expect(error.code).toBe("BaseModelMismatch");
    expect(error.message).toContain("tiny");
    await attached(foreign, write, { anyBase: true });
    const wide = await openTiny({ width: 4 });
    const mismatch = await errorOf(() => wide.attach(file));
    expect(mismatch.code).toBe("BaseShapeMismatch");
    expect(mismatch.message).toMatch(/64.*128|128.*64/);
    wide.dispose();
  });

  test("remembers a release in the trust store, and refuses an older one", async () => {
    const store = memoryTrustStore();
    await store.addKey({ key: keyOf(5) });
    await attached(file, write, { trust: store });
    expect(await store.remembered("expert-sample")).toMatchObject({ releaseCounter: 7 });
    const older = await expertFile(1, {
      signingKey: seedOf(5),
      metadata: { ...metadata, release_counter: 3 },
    });
    expect(await codeOf(() => model.attach(older, { trust: store }))).toBe("Rollback");
  });

  test("is aborted, and says how far it is", async () => {
    const abort = new AbortController();
    const progress: number[] = [];
    await attached([file], write, { onProgress: ({ loaded }) => progress.push(loaded) });
    expect(progress.at(-1)).toBeGreaterThan(0);
    const stop = new Error("stop");
    const onProgress = (): void => {
      abort.abort(stop);
    };
    const fresh = await openTiny(tiny);
    const thrown = await thrownBy(() => fresh.attach([file], { signal: abort.signal, onProgress }));
    expect(thrown).toBe(stop);
    fresh.dispose();
  });

  test("takes the adapter from memory the second time", async () => {
    const fresh = await openTiny(tiny);
    const first = await fresh.attach(file);
    expect(first.timings.cached).toBe(false);
    await first.detach();
    const again = await fresh.attach(file);
    expect(again.timings.cached).toBe(true);
    expect(await again.memory()).toMatchObject({ adapter: (await again.memory()).adapter });
    fresh.dispose();
  });
});

describe("sessions", () => {
  test("write with their experts, each with its own, over one base", async () => {
    const base = await write(undefined);
    await attached(file, async (expert) => {
      const other = await model.attach(
        await withFiles({}, { metadata: { ...metadata, version: "2.0.0" } }),
      );
      const session = await model.session({ experts: [expert] });
      const alone = await model.session();
      const text = await session.generate("Once upon", plain).text();
      expect(text).toBe(await write(expert));
      expect(text).not.toBe(base);
      expect(await alone.generate("Once upon", plain).text()).toBe(base);
      expect(await write(expert, 0)).toBe(base);
      expect(await model.generate("Once upon", { ...plain, experts: [expert, other] }).text()).toBe(
        await write(expert, 2),
      );
      session.dispose();
      alone.dispose();
      await other.detach();
    });
  });

  test("change their experts between two texts, and go back to the base", async () => {
    const base = await write(undefined);
    await attached(file, async (expert) => {
      const session = await model.session();
      await session.generate("Once upon", plain).result();
      await session.truncate(0);
      const text = await session.generate("Once upon", { ...plain, experts: [expert] }).text();
      expect(text).toBe(await write(expert));
      await session.truncate(0);
      expect(await session.generate("Once upon", plain).text()).toBe(text);
      await session.truncate(0);
      expect(await session.generate("Once upon", { ...plain, experts: [] }).text()).toBe(base);
      session.dispose();
    });
  });

  test("compute again what no longer holds, and nothing else", async () => {
    const soft = await withFiles({ "prompt.safetensors": softPrompt(new Float32Array(128)) });
    const expert = await model.attach(soft);
    const session = await model.session();
    await session.generate("Once upon a time", plain).result();
    const cachedWith = async (options: GenerateOptions): Promise<[number, number]> => {
      const { cachedTokens, promptTokens } = await session
        .generate("", { ...plain, ...options })
        .result();
      return [cachedTokens, promptTokens];
    };
    const [same, all] = await cachedWith({});
    expect(same).toBe(all);
    // The queries of the last layer, which the adapter changes, leave keys and values as they are.
    const [kept, allKept] = await cachedWith({ experts: [expert], softPrompt: false });
    expect(kept).toBe(allKept);
    const [none] = await cachedWith({ softPrompt: true });
    expect(none).toBe(0);
    session.dispose();
    await expert.detach();
  });

  test("do not write with an expert that was detached", async () => {
    const expert = await model.attach(file);
    const session = await model.session({ experts: [expert] });
    await expert.detach();
    await expert.detach();
    expect(expert.isAttached).toBe(false);
    expect(await codeOf(() => session.generate("Once", plain).text())).toBe("Disposed");
    expect(await session.generate("Once", { ...plain, experts: [] }).text()).not.toBe("");
    expect(await codeOf(() => expert.memory())).toBe("Disposed");
    expect(await codeOf(() => model.session({ experts: [expert] }))).toBe("Disposed");
    session.dispose();
  });

  test("refuse experts of another model, too many, and what is none", async () => {
    const other = await openTiny(tiny);
    const foreign = await other.attach(file);
    expect(await codeOf(() => model.session({ experts: [foreign] }))).toBe("ExpertForeign");
    other.dispose();
    await attached(file, async (expert) => {
      const bad = (experts: unknown): Promise<string> =>
        codeOf(() => model.session({ experts: experts as AttachedExpert[] }));
      expect(await bad(Array.from({ length: 11 }, () => expert))).toBe("TooManyExperts");
      expect(await bad([expert, expert])).toBe("InvalidArgument");
      expect(await bad([{}])).toBe("InvalidArgument");
      expect(await bad([{ expert, weight: "1" }])).toBe("InvalidArgument");
    });
  });

  test("that were saved know their experts", async () => {
    await attached(file, async (expert) => {
      const session = await model.session({ experts: [{ expert, weight: 0.5 }] });
      await session.generate("Once upon", { ...plain, maxTokens: 4 }).result();
      const saved = await session.save();
      const restored = await model.restore(saved);
      const fork = await session.fork();
      const text = await session.generate("", plain).text();
      expect(await restored.generate("", plain).text()).toBe(text);
      expect(await fork.generate("", plain).text()).toBe(text);
      const other = await openTiny(tiny);
      const error = await errorOf(() => other.restore(saved));
      expect(error.code).toBe("SessionForeign");
      expect(error.message).toContain("expert-sample");
      other.dispose();
      for (const at of [8, 12, 20]) {
        const damaged = Uint8Array.from(saved);
        damaged[at] = (damaged[at] ?? 0) ^ 0xff;
        expect(await codeOf(() => model.restore(damaged))).toMatch(/^Session/);
      }
      expect(await codeOf(() => model.restore(saved.subarray(0, 10)))).toBe("SessionMalformed");
      for (const each of [session, restored, fork]) each.dispose();
    });
  });
});

describe("what an expert brings", () => {
  test("its grammar holds the text, unless it is switched off", async () => {
    await attached(file, async (expert) => {
      const experts = [expert];
      const text = await model.generate("Once", { experts }).text();
      expect(["yes", "no"]).toContain(text);
      expect(await model.generate("Once", { experts, grammar: "expert" }).text()).toBe(text);
      expect(["yes", "no"]).not.toContain(await write(expert));
    });
    const unused = await withFiles(
      {},
      { metadata: { ...metadata, decoding: { use_grammar: false } } },
    );
    await attached(unused, async (expert) => {
      const experts = [expert];
      const { maxTokens, logitBias } = plain;
      const text = await model.generate("Once", { maxTokens, logitBias, experts }).text();
      expect(["yes", "no"]).not.toContain(text);
      const held = await model.generate("Once", { experts, grammar: "expert" }).text();
      expect(["yes", "no"]).toContain(held);
    });
  });

  test("its soft prompt stands before the text", async () => {
    const values = Float32Array.from({ length: 2 * 64 }, (_, i) => Math.sin(i));
    const soft = await withFiles({ "prompt.safetensors": softPrompt(values) });
    await attached(soft, async (expert) => {
      expect(expert.brings.softPromptTokens).toBe(2);
      const experts = [expert];
      const text = await model.generate("Once upon", { ...plain, experts }).text();
      const without = { ...plain, experts, softPrompt: false };
      expect(await model.generate("Once upon", without).text()).not.toBe(text);
      const short = { ...plain, experts, context: 12 };
      const result = await model.generate("Once upon", short).result();
      expect(result.promptTokens + result.completionTokens).toBe(10);
    });
  });

  test("its calibration scales the probabilities", async () => {
    const sure = await withFiles({ "calibration.json": utf8({ temperature: 100 }) });
    await attached(sure, async (expert) => {
      expect(expert.brings.calibration).toBe(true);
      const options = { ...plain, experts: [expert], maxTokens: 1 };
      const probability = async (calibration: boolean): Promise<number> => {
        for await (const part of model.generate("Once", { ...options, calibration })) {
          if (part.type === "token") return part.logProbability;
        }
        throw new Error("no token");
      };
      expect(await probability(true)).toBeLessThan(await probability(false));
      expect(await probability(true)).toBeCloseTo(-Math.log(258), 0);
    });
  });

  test("its decoding settings, where nothing else is said", async () => {
    const settings = { temperature: 2, top_k: 50, stop_sequences: ["e"], use_grammar: false };
    const drawing = await withFiles({}, { metadata: { ...metadata, decoding: settings } });
    await attached(drawing, async (expert) => {
      const options = { ...plain, experts: [expert] };
      const drawn = async (seed: number, more = {}): Promise<string> =>
        model.generate("Once", { ...options, seed, ...more }).text();
      expect(await drawn(1)).not.toBe(await drawn(2));
      expect(await drawn(1, { temperature: 0, stop: [] })).toBe(
        await drawn(2, { temperature: 0, stop: [] }),
      );
      expect(await drawn(1, { decoding: false })).toBe(await drawn(2, { decoding: false }));
      const fixed = { temperature: 0, logitBias: { 101: 1000 } };
      expect(await drawn(1, fixed)).toBe("");
      expect(await drawn(1, { ...fixed, decoding: false })).toBe("e".repeat(12));
    });
  });

  test("tokens without rows are refused", async () => {
    const delta = { added_tokens: [{ id: 300, content: "<sql>", special: true }] };
    const more = await withFiles({ "tokenizer_delta.json": utf8(delta) });
    expect(await codeOf(() => model.attach(more))).toBe("TokenizerDelta");
  });
});

describe("grammars", () => {
  test("hold texts of the base as well", async () => {
    const { text, completed } = await model
      .generate("Once", { grammar: { gbnf: grammar } })
      .result();
    expect(["yes", "no"]).toContain(text);
    expect(completed).toBe(false);
  });

  test("complete what was cut off", async () => {
    const gbnf = 'root ::= "[" [a-z]{9,} "]"';
    const result = await model.generate("Once", { grammar: { gbnf }, maxTokens: 5 }).result();
    expect(result).toMatchObject({ finishReason: "length", completed: true });
    expect(result.text).toMatch(/^\[[a-z]+\]$/);
    expect(result.tokens).toHaveLength(5);
    const stop = { stop: "[", grammar: { gbnf } };
    const stopped = await model.generate("Once", stop).result();
    expect(stopped).toMatchObject({ finishReason: "stop", completed: true });
    expect(stopped.text).toMatch(/^\[[a-z]{9}\]$/);
  });

  test("of JSON Schemas give JSON", async () => {
    const schema = {
      type: "object",
      properties: { name: { type: "string", maxLength: 5 }, age: { type: "integer" } },
      required: ["name", "age"],
      additionalProperties: false,
    };
    const { text } = await model.generate("Once", { grammar: { schema }, maxTokens: 40 }).result();
    const value = JSON.parse(text) as { name: string; age: number };
    expect(typeof value.name).toBe("string");
    expect(Number.isInteger(value.age)).toBe(true);
  });

  test("with errors are refused when the text begins", async () => {
    const code = (option: unknown): Promise<string> =>
      codeOf(() => model.generate("Once", { grammar: option as false }).text());
    expect(await code({ gbnf: "root ::= (" })).toBe("GrammarSyntax");
    expect(await code({ schema: { type: "nothing" } })).toBe("SchemaMalformed");
    expect(await code("expert")).toBe("InvalidArgument");
    expect(await code("gbnf")).toBe("InvalidArgument");
    expect(await code({ schema: 1 })).toBe("InvalidArgument");
  });
});

/** A safetensors file of one matrix [2, 64]. */
function softPrompt(values: Float32Array): Uint8Array {
  const offsets = [0, values.byteLength];
  const header = utf8({ prompt: { dtype: "F32", shape: [2, 64], data_offsets: offsets } });
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
  return Buffer.concat([length, header, new Uint8Array(values.buffer)]);
}
