// Options of callers, checked, in the form that travels to the worker.

import { AndonError } from "../errors.js";
import type { GenerateOptions } from "./options.js";

/** Every option has a value. */
export interface Sampling {
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  typicalP: number;
  repetitionPenalty: number;
  presencePenalty: number;
  frequencyPenalty: number;
  penaltyWindow: number;
  logitBias: [token: number, bias: number][];
  seed: number;
  maxTokens: number;
  stop: string[];
  stopTokens: number[];
  alternatives: number;
  resume: boolean;
}

const u32 = 2 ** 32 - 1;

/** Errors: InvalidArgument. */
export function samplingOf(options: GenerateOptions): Sampling {
  const number = within(options);
  return {
    temperature: number("temperature", 0, 0, 100),
    topK: whole(number("topK", 0, 0, u32), "topK"),
    topP: number("topP", 1, 0, 1),
    minP: number("minP", 0, 0, 1),
    typicalP: number("typicalP", 1, 0, 1),
    repetitionPenalty: number("repetitionPenalty", 1, 0.01, 100),
    presencePenalty: number("presencePenalty", 0, -100, 100),
    frequencyPenalty: number("frequencyPenalty", 0, -100, 100),
    penaltyWindow: whole(number("penaltyWindow", 64, 0, u32), "penaltyWindow"),
    logitBias: biasOf(options.logitBias),
    seed: whole(number("seed", randomSeed(), 0, Number.MAX_SAFE_INTEGER), "seed"),
    maxTokens: whole(number("maxTokens", u32, 0, u32), "maxTokens"),
    stop: stopsOf(options.stop),
    stopTokens: (options.stopTokens ?? []).map((token) => requireToken(token, "stopTokens")),
    alternatives: whole(number("alternatives", 0, 0, 20), "alternatives"),
    resume: options.resume ?? false,
  };
}

type NumberOption = {
  [Name in keyof GenerateOptions]-?: GenerateOptions[Name] extends number | undefined
    ? Name
    : never;
}[keyof GenerateOptions];

/** Reads an option that is a number. */
function within(options: GenerateOptions) {
  return (name: NumberOption, otherwise: number, least: number, most: number): number => {
    const value = options[name] ?? otherwise;
    if (typeof value === "number" && value >= least && value <= most) return value;
    throw new AndonError("InvalidArgument", `${name}: not a number from ${least} to ${most}`);
  };
}

function whole(value: number, name: string): number {
  if (Number.isInteger(value)) return value;
  throw new AndonError("InvalidArgument", `${name}: not a whole number`);
}

function requireToken(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= u32) {
    return value;
  }
  throw new AndonError("InvalidArgument", `${name}: not the number of a token`);
}

function biasOf(bias: GenerateOptions["logitBias"] = {}): [number, number][] {
  const pairs = bias instanceof Map ? [...bias] : Object.entries(bias);
  return pairs.map(([token, value]: [unknown, unknown]) => {
    if (typeof value !== "number" || Number.isNaN(value) || value === Infinity) {
      throw new AndonError("InvalidArgument", "logitBias: a value is not a number below Infinity");
    }
    return [requireToken(Number(token), "logitBias"), value];
  });
}

function stopsOf(stop: GenerateOptions["stop"] = []): string[] {
  const all = typeof stop === "string" ? [stop] : [...stop];
  if (all.every((text) => typeof text === "string" && text !== "")) return all;
  throw new AndonError("InvalidArgument", "stop: not a text, or an empty one");
}

function randomSeed(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
