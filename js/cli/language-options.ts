// Options of the verbs that run language models.

import type { ChatOptions, LanguageModelOptions, SessionOptions } from "../index.js";
import { oneOf, wholeNumber } from "./arguments.js";
import { UsageError } from "./errors.js";
import { POLICY_OPTIONS, policyFrom } from "./policy.js";

export const MODEL_OPTIONS = {
  ...POLICY_OPTIONS,
  sha256: { type: "string" },
  manifest: { type: "string" },
  threads: { type: "string", short: "t" },
  exact: { type: "boolean" },
  "weight-type": { type: "string" },
  "max-memory": { type: "string" },
} as const;

export const WRITING_OPTIONS = {
  context: { type: "string", short: "c" },
  "cache-type": { type: "string" },
  "max-tokens": { type: "string", short: "n" },
  temperature: { type: "string" },
  "top-k": { type: "string" },
  "top-p": { type: "string" },
  "min-p": { type: "string" },
  "repetition-penalty": { type: "string" },
  seed: { type: "string" },
  stop: { type: "string", multiple: true },
} as const;

interface ModelValues {
  sha256?: string;
  manifest?: string;
  threads?: string;
  exact?: boolean;
  "weight-type"?: string;
  "max-memory"?: string;
}

interface WritingValues {
  context?: string;
  "cache-type"?: string;
  "max-tokens"?: string;
  temperature?: string;
  "top-k"?: string;
  "top-p"?: string;
  "min-p"?: string;
  "repetition-penalty"?: string;
  seed?: string;
  stop?: string[];
}

const MOST = Number.MAX_SAFE_INTEGER;
const U32 = 2 ** 32 - 1;

/** Throws UsageError, and what policyFrom throws. */
export async function modelOptions(
  verb: string,
  values: ModelValues & Parameters<typeof policyFrom>[0],
): Promise<LanguageModelOptions> {
  const options: LanguageModelOptions = await policyFrom(values, verb);
  const { sha256, manifest, threads, "weight-type": type, "max-memory": memory } = values;
  if (sha256 !== undefined) options.sha256 = sha256;
  if (manifest !== undefined) options.manifest = manifest;
  if (threads !== undefined) options.threads = wholeNumber(verb, "--threads", threads, 1, 64);
  if (values.exact) options.precision = "exact";
  if (type !== undefined) {
    const types = ["Q8_0", "Q4_0", "F32", "F16", "BF16"] as const;
    options.weightType = oneOf(verb, "--weight-type", type, types);
  }
  if (memory !== undefined) options.maxMemory = wholeNumber(verb, "--max-memory", memory, 1, MOST);
  return options;
}

/** Throws UsageError. */
export function writingOptions(verb: string, values: WritingValues): ChatOptions & SessionOptions {
  const options: ChatOptions & SessionOptions = {};
  const whole = (name: keyof WritingValues, least: number, most: number, set: Set): void => {
    const value = values[name];
    if (typeof value === "string") set(wholeNumber(verb, `--${name}`, value, least, most));
  };
  const number = (name: keyof WritingValues, set: Set): void => {
    const value = values[name];
    if (typeof value === "string") set(decimal(verb, `--${name}`, value));
  };
  whole("context", 1, U32, (value) => (options.context = value));
  whole("max-tokens", 0, U32, (value) => (options.maxTokens = value));
  whole("top-k", 0, U32, (value) => (options.topK = value));
  whole("seed", 0, MOST, (value) => (options.seed = value));
  number("temperature", (value) => (options.temperature = value));
  number("top-p", (value) => (options.topP = value));
  number("min-p", (value) => (options.minP = value));
  number("repetition-penalty", (value) => (options.repetitionPenalty = value));
  if (values.stop !== undefined) options.stop = values.stop;
  const { "cache-type": cache } = values;
  if (cache !== undefined) options.cacheType = oneOf(verb, "--cache-type", cache, ["f16", "f32"]);
  return options;
}

type Set = (value: number) => void;

/** Throws UsageError. The range is the package's to judge. */
function decimal(verb: string, option: string, value: string): number {
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new UsageError(`${verb}: ${option} takes a decimal number, not '${value}'`, verb);
}
