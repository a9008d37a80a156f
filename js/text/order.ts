// What a generation is asked to write, checked.

import { AndonError } from "../errors.js";
import { tagOf } from "../values.js";
import { requireGrammar } from "./expert-choice.js";
import type { ChatOptions, GenerateOptions, Message, Pooling } from "./options.js";
import type { Prompt } from "./protocol.js";
import { samplingOf, type Sampling } from "./sampling.js";

export interface Order {
  prompt: Prompt;
  /** What was asked for, with a value for everything. */
  sampling: Sampling;
  given: GenerateOptions;
}

/** Errors: InvalidArgument. */
export function textOrder(prompt: string | Uint32Array, options: GenerateOptions): Order {
  const isText = typeof prompt === "string";
  if (!isText && tagOf(prompt) !== "Uint32Array") {
    throw new AndonError("InvalidArgument", "prompt: neither a text nor a Uint32Array of tokens");
  }
  const checked = isText ? { text: prompt } : { tokens: prompt };
  return orderOf(checked, options);
}

/** Errors: InvalidArgument. */
export function requirePooling(pooling: Pooling): void {
  const known: readonly string[] = ["last", "mean"] satisfies Pooling[];
  if (known.includes(pooling)) return;
  throw new AndonError("InvalidArgument", 'pooling: neither "last" nor "mean"');
}

/** Errors: InvalidArgument. */
export function chatOrder(messages: readonly Message[], options: ChatOptions): Order {
  const { template, tools, variables } = options;
  return orderOf({ messages, template, variables: { ...variables, tools } }, options);
}

function orderOf(prompt: Prompt, given: GenerateOptions): Order {
  requireGrammar(given.grammar);
  return { prompt, sampling: samplingOf(given), given };
}
