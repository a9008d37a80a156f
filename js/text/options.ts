// How texts are generated, as callers say it.

import type { ExpertUse } from "./attached-expert.js";

/** How the next token is chosen. Everything is off at its default. */
export interface SamplingOptions {
  /** 0: the most probable token, always. Default: 0. */
  temperature?: number;
  /** Keeps so many of the most probable tokens; 0: all. Default: 0. */
  topK?: number;
  /** Keeps the smallest set of at least this probability. Default: 1. */
  topP?: number;
  /** Drops what is less probable than this share of the most probable. Default: 0. */
  minP?: number;
  /** Keeps tokens whose surprise is nearest to the entropy. Default: 1. */
  typicalP?: number;
  /** Makes tokens that were seen less probable. Default: 1. */
  repetitionPenalty?: number;
  /** Subtracted once from the logits of tokens that were seen. Default: 0. */
  presencePenalty?: number;
  /** Subtracted for each time. Default: 0. */
  frequencyPenalty?: number;
  /** Tokens that count as seen: so many of the last. Default: 64. */
  penaltyWindow?: number;
  /** Added to the logits of tokens; `-Infinity` bans one. */
  logitBias?: ReadonlyMap<number, number> | Readonly<Record<number, number>>;
  /** From 0 to 2^53 - 1. The same seed gives the same text everywhere. Default: a random one. */
  seed?: number;
  /**
   * The sampler goes on where the session's last text left it, instead of beginning with `seed`: a text that was
   * saved, restored and resumed with the same options is the text that would have come. Default: false.
   */
  resume?: boolean;
}

/** Which experts of the model write, and what of theirs counts beside their adapters. */
export interface ExpertOptions {
  /**
   * At most ten. Their adapters add up; what only one can decide is decided by the first that says something. In a
   * session they stay until other ones are named; `[]` is the base model. Default: those of the session.
   */
  experts?: readonly ExpertUse[];
  /** Whether soft prompts stand before the text. They do from the beginning of a text or not at all. Default: true. */
  softPrompt?: boolean;
  /** Whether logits are scaled as the expert's calibration says. Default: true. */
  calibration?: boolean;
}

/** What a text must be: GBNF, a JSON Schema, the grammar of the experts, or anything. */
export type GrammarOption =
  { gbnf: string } | { schema: Readonly<Record<string, unknown>> | boolean } | "expert" | false;

export interface GenerateOptions extends SamplingOptions, ExpertOptions {
  /**
   * The text can be nothing else. Where it is cut off (`length`, `context`) the shortest completion is appended, so
   * that it parses whatever happens; the result then says `completed`. Default: the grammar of the experts where one
   * has one and its manifest does not say otherwise. `"expert"`: that one, or `InvalidArgument`.
   */
  grammar?: GrammarOption;
  /** Whether temperature, topK, topP, minP and stop are the expert's unless they are given here. Default: true. */
  decoding?: boolean;
  /** Default: until the model ends its turn or the context is full. */
  maxTokens?: number;
  /** The text ends before the first of these. */
  stop?: string | readonly string[];
  /** Tokens that end the text, beside the model's own. */
  stopTokens?: readonly number[];
  /** Of each token so many of the most probable ones, from 0 to 20. Default: 0. */
  alternatives?: number;
  /** Aborting rejects with the signal's reason, at once. `stop()` ends with what there is. */
  signal?: AbortSignal;
}

/** A turn of a conversation. Roles are those that the model's template knows. */
export interface Message {
  role: "system" | "user" | "assistant" | "tool" | (string & {});
  content: string;
  /** More that a template may ask for, such as `name` or `tool_calls`. */
  [member: string]: unknown;
}

export interface ChatOptions extends GenerateOptions {
  /** Instead of the model's own: a template of Jinja. */
  template?: string;
  /** More variables of the template, such as `{ enable_thinking: false }`. */
  variables?: Readonly<Record<string, unknown>>;
  /** Tools that the template may describe to the model. */
  tools?: readonly Readonly<Record<string, unknown>>[];
}

export interface SessionOptions extends ExpertOptions {
  /** Positions; default: the model's own, at most 4,096. */
  context?: number;
  /** Of keys and values. Default: "f16". */
  cacheType?: "f16" | "f32";
}

/** Of which tokens the state is a text's embedding: the last one, which has seen all others, or the mean of all. */
export type Pooling = "last" | "mean";

export interface EmbedOptions {
  /** Default: "last", as embedding models of this kind are trained. */
  pooling?: Pooling;
}

/** The numbers of a generation that has ended. */
export interface GenerationCounts {
  /** Tokens of the prompt, begin token and template among them. */
  promptTokens: number;
  /** Of these the session had computed before. */
  cachedTokens: number;
  completionTokens: number;
  /** Until the first token was there. */
  promptMs: number;
  /** For the tokens after the first. */
  decodeMs: number;
  promptTokensPerSecond: number;
  tokensPerSecond: number;
  /** With it and the same options the text comes again. */
  seed: number;
  /** Whether the end of the text is the shortest completion that the grammar had, which no token stands for. */
  completed: boolean;
}

/**
 * `end`: the model ended its turn; `stop`: a stop string or token; `length`: `maxTokens`;
 * `context`: no room is left; `cancelled`: `stop()` was called, or the loop was left.
 */
export type FinishReason = "end" | "stop" | "length" | "context" | "cancelled";

export interface TokenProbability {
  id: number;
  text: string;
  /** Natural logarithm, of the model's own distribution. */
  logProbability: number;
}

/** Its text is what the text has grown by: nothing, while a character or a stop string may follow. */
export interface TokenPart extends TokenProbability {
  type: "token";
  /** The most probable first. */
  alternatives?: TokenProbability[];
}

export type Part =
  | { type: "prompt"; done: number; total: number }
  /** Whole characters; held back while they may become a stop string. */
  | { type: "text"; text: string }
  | TokenPart
  | ({ type: "finish"; reason: FinishReason } & GenerationCounts);

export interface GenerationResult extends GenerationCounts {
  text: string;
  tokens: number[];
  finishReason: FinishReason;
}
