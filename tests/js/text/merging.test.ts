// Experts made part of a copy of a language model; with a tiny random model.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  packExpert,
  type AttachedExpert,
  type ExpertManifest,
  type ExpertUse,
  type GenerateOptions,
  type LanguageModel,
  type MergeOptions,
  type MergeProgress,
} from "andon";
import { codeOf, errorOf, thrownBy } from "../support/errors.js";
import { metadata, peftFolder } from "../support/experts.js";
import { endToken } from "../support/gguf.js";
import { openTiny } from "../support/language.js";

/** Of the shapes of the tiny adapter; in numbers that merging rounds least. */
const open = (): Promise<LanguageModel> => openTiny({ width: 2 }, { precision: "exact" });
/** As the model writes by itself: greedy, to the end. */
const plain = { maxTokens: 12, grammar: false, logitBias: { [endToken]: -Infinity } } as const;

let model: LanguageModel;
beforeAll(async () => {
  model = await open();
});
afterAll(() => {
  model.dispose();
});

const utf8 = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** An expert of the tiny adapter, attached. */
async function attach(
  decoding: ExpertManifest["decoding"] = {},
  files: Record<string, Uint8Array> = {},
  to = model,
): Promise<AttachedExpert> {
  const folder = { ...peftFolder(1), ...files };
  const { bytes } = await packExpert(folder, { metadata: { ...metadata, decoding } });
  return to.attach(bytes);
}

/** Calls with a copy of the model that has these experts. */
async function merged<T>(
  experts: readonly ExpertUse[],
  act: (copy: LanguageModel) => Promise<T>,
  options: MergeOptions = {},
): Promise<T> {
  const copy = await model.merge(experts, options);
  try {
    return await act(copy);
  } finally {
    copy.dispose();
  }
}

async function logProbabilities(of: LanguageModel, options: GenerateOptions): Promise<number[]> {
  const all: number[] = [];
  for await (const part of of.generate("Once upon", { ...plain, alternatives: 20, ...options })) {
    if (part.type !== "token") continue;
    for (const { logProbability } of part.alternatives ?? []) all.push(logProbability);
  }
  return all;
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? 0, 3);
  });
}

/** A soft prompt of two positions, as PEFT saves it. */
function softPrompt(): Uint8Array {
  const values = Float32Array.from({ length: 2 * 64 }, (_, i) => Math.sin(i));
  const header = `{"prompt_embeddings":{"dtype":"F32","shape":[2,64],"data_offsets":[0,${values.byteLength}]}}`;
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
  return Buffer.concat([length, Buffer.from(header), new Uint8Array(values.buffer)]);
}

describe("a merged model", () => {
  test("writes what sessions of the base write with the experts", async () => {
    const [one, other] = [await attach(), await attach({}, { "notes.txt": utf8(1) })];
    const experts = [
      { expert: one, weight: 0.5 },
      { expert: other, weight: -0.25 },
    ];
    await merged(experts, async (copy) => {
      expect(copy).not.toBe(model);
      expectClose(await logProbabilities(copy, {}), await logProbabilities(model, { experts }));
      expect(copy.description.merged).toEqual([
        { name: "expert-sample", version: "1.2.3", weight: 0.5 },
        { name: "expert-sample", version: "1.2.3", weight: -0.25 },
      ]);
      expect(copy.description.weightBytes).toBe(model.description.weightBytes);
      expect(copy.verdict).toEqual(model.verdict);
      expect(model.description.merged).toEqual([]);
    });
    await one.detach();
    await other.detach();
  });

  test("leaves the base and its sessions as they were", async () => {
    const session = await model.session();
    const text = await session.generate("Once upon", plain).text();
    const expert = await attach();
    const base = await model.generate("Once upon", plain).text();
    await merged([expert], async (copy) => {
      expect(await copy.generate("Once upon", plain).text()).not.toBe(base);
      await session.truncate(0);
      expect(await session.generate("Once upon", plain).text()).toBe(text);
      const { total, weights } = await copy.memory();
      expect(total).toBe((await model.memory()).total);
      expect(weights).toBe(copy.description.weightBytes);
    });
    session.dispose();
    await expert.detach();
  });

  test("goes on after the base and the expert", async () => {
    const base = await open();
    const expert = await attach({}, {}, base);
    const session = await base.session();
    const copy = await base.merge([expert]);
    const text = await copy.generate("Once upon", plain).text();
    await expert.detach();
    expect(await copy.generate("Once upon", plain).text()).toBe(text);
    const waiting = codeOf(() => base.embed("Once"));
    base.dispose();
    base.dispose();
    expect(await waiting).toBe("Disposed");
    expect(await codeOf(() => session.tokens())).toBe("Disposed");
    expect(await codeOf(() => base.generate("Once").text())).toBe("Disposed");
    session.dispose();
    expect(await copy.generate("Once upon", plain).text()).toBe(text);
    const again = await copy.session();
    expect(await again.generate("Once upon", plain).text()).toBe(text);
    copy.dispose();
    expect(await codeOf(() => again.tokens())).toBe("Disposed");
  });

  test("has experts of its own, and is merged again", async () => {
    const first = await attach();
    await merged([first], async (copy) => {
      expect(await codeOf(() => copy.session({ experts: [first] }))).toBe("ExpertForeign");
      const second = await attach({}, {}, copy);
      expect(await codeOf(() => model.merge([second]))).toBe("ExpertForeign");
      const both = await copy.merge([{ expert: second, weight: 2 }]);
      const experts = [{ expert: first, weight: 3 }];
      expectClose(await logProbabilities(both, {}), await logProbabilities(model, { experts }));
      expect(both.description.merged.map(({ weight }) => weight)).toEqual([1, 2]);
      both.dispose();
    });
    await first.detach();
  });

  test("restores the sessions that it saved", async () => {
    const expert = await attach();
    await merged([expert], async (copy) => {
      const session = await copy.session();
      await session.generate("Once upon", { ...plain, maxTokens: 4 }).result();
      const saved = await session.save();
      const restored = await copy.restore(saved);
      expect(await restored.generate("", plain).text()).toBe(
        await session.generate("", plain).text(),
      );
      expect(await codeOf(() => model.restore(saved))).toBe("SessionForeign");
    });
    await expert.detach();
  });

  test("keeps grammar and decoding settings, which its texts may overrule", async () => {
    const expert = await attach({ temperature: 2, top_k: 50 });
    await merged([expert], async (copy) => {
      await expert.detach();
      expect(["yes", "no"]).toContain(await copy.generate("Once").text());
      const drawn = (seed: number, more = {}): Promise<string> =>
        copy.generate("Once", { ...plain, seed, ...more }).text();
      expect(await drawn(1)).not.toBe(await drawn(2));
      expect(await drawn(1, { decoding: false })).toBe(await drawn(2, { decoding: false }));
      expect(await drawn(1, { temperature: 0 })).toBe(await drawn(2, { temperature: 0 }));
    });
    const quiet = await attach({ use_grammar: false });
    await merged([quiet], async (copy) => {
      const { maxTokens, logitBias } = plain;
      const free = await copy.generate("Once", { maxTokens, logitBias }).text();
      expect(["yes", "no"]).not.toContain(free);
      const session = await copy.session();
      expect(["yes", "no"]).toContain(await session.generate("Once", { grammar: "expert" }).text());
    });
    await quiet.detach();
  });

  test("keeps the calibration, unless told otherwise", async () => {
    const expert = await attach({}, { "calibration.json": utf8({ temperature: 100 }) });
    const first = async (calibration: boolean): Promise<number> =>
      merged(
        [expert],
        async (copy) => (await logProbabilities(copy, { maxTokens: 1 }))[0] ?? Number.NaN,
        { calibration },
      );
    expect(await first(true)).toBeCloseTo(-Math.log(258), 0);
    expect(await first(false)).toBeGreaterThan(await first(true));
    await expert.detach();
  });
});

describe("merging", () => {
  test("says how far it is, and is aborted", async () => {
    const expert = await attach();
    const abort = new AbortController();
    const stop = new Error("stop");
    const onProgress = (progress: MergeProgress): void => {
      expect(progress).toEqual({ merged: 0, total: 1 });
      abort.abort(stop);
    };
    const options = { signal: abort.signal, onProgress };
    expect(await thrownBy(() => model.merge([expert], options))).toBe(stop);
    expect(await thrownBy(() => model.merge([expert], options))).toBe(stop);
    await merged([expert], (copy) => copy.generate("Once", plain).text());
    await expert.detach();
  });

  test("refuses a soft prompt, unless it is left out", async () => {
    const expert = await attach({}, { "prompt.safetensors": softPrompt() });
    expect(expert.brings.softPromptTokens).toBe(2);
    const error = await errorOf(() => model.merge([expert]));
    expect(error.code).toBe("MergeUnsupported");
    expect(error.message).toContain("expert-sample");
    await merged([expert], (copy) => copy.generate("Once", plain).text(), { softPrompt: false });
    await expert.detach();
  });

  test("needs memory, which the error names", async () => {
    const expert = await attach();
    const bytes = 64 * 64 * 4;
    const error = await errorOf(() => model.merge([expert], { maxMemory: bytes - 1 }));
    expect(error.code).toBe("OutOfMemory");
    expect(error.message).toContain(String(bytes));
    await merged([expert], (copy) => copy.generate("Once", plain).text(), { maxMemory: bytes });
    await expert.detach();
  });

  test("refuses what is no expert, none, too many, and one that was detached", async () => {
    const expert = await attach();
    expect(await codeOf(() => model.merge([]))).toBe("InvalidArgument");
    expect(await codeOf(() => model.merge([expert, expert]))).toBe("InvalidArgument");
    expect(await codeOf(() => model.merge([expert], { maxMemory: -1 }))).toBe("InvalidArgument");
    expect(await codeOf(() => model.merge(Array.from({ length: 11 }, () => expert)))).toBe(
      "TooManyExperts",
    );
    await expert.detach();
    expect(await codeOf(() => model.merge([expert]))).toBe("Disposed");
  });
});
