// What the worker of a language model can be asked. It is pulled: each answer holds what was done in a few
// milliseconds, so that to stop is not to ask again.

import type { Call } from "../calls.js";
import type { ExpertDescription } from "../expert-description.js";
import type { Range } from "../core-expert.js";
import type { Release } from "../trust-store.js";
import type { Policy } from "../trust.js";
import type { Verdict } from "../verdict.js";
import type { AttachTimings } from "./attached-expert.js";
import type { LanguageModelDescription, TextBuild } from "./description.js";
import type { FinishReason, Message, Pooling, TokenPart } from "./options.js";
import type { Sampling } from "./sampling.js";

/** What the worker starts with. */
export interface TextStart {
  /** Of `build`; a name that programs without a page's types may not know. @internal */
  compiled: WebAssembly.Module;
  build: TextBuild;
}

export interface LoadTerms {
  policy: Policy;
  /** 32 bytes each, by the names of files. Where there is one, all files need one. */
  sha256: Record<string, Uint8Array>;
  /** Lines of `sha256sum`, which count beside them. */
  manifest: Uint8Array | undefined;
  /** Also where none is stated. */
  computeSha256: boolean;
  threads: number;
  precision: Precision;
  /** What matrices of safetensors become. */
  weightType: WeightType;
  /** Bytes that packed weights may take. */
  maxMemory: number | undefined;
}

/** `exact`: activations stay in float32, which is slower. */
export type Precision = "fast" | "exact";
export type WeightType = "Q8_0" | "Q4_0" | "F32" | "F16" | "BF16";

/** A source that the worker can open by itself. */
export type WorkerSource = string | URL | Blob;

export interface OpenedText {
  verdict: Verdict;
  description: LanguageModelDescription;
}

/** Bytes of what is held. */
export interface TextMemory {
  /** Of WebAssembly, all of it. */
  total: number;
  weights: number;
}

export type Prompt =
  | { text: string }
  | { tokens: Uint32Array }
  | {
      messages: readonly Message[];
      template: string | undefined;
      variables: Record<string, unknown>;
    };

/** What a few milliseconds brought. */
export interface Step {
  /** Tokens of the prompt that are computed. */
  promptDone: number;
  promptTotal: number;
  tokens: Omit<TokenPart, "type">[];
  /** The end of the text, held back until now. */
  rest: string;
  finish: FinishReason | undefined;
  /** Of `rest` the end is a completion by the grammar. */
  completed: boolean;
}

export interface BeginWish {
  session: number;
  prompt: Prompt;
  sampling: Sampling;
  use: ExpertChoice;
  grammar: GrammarChoice;
}

export interface Begun {
  promptTokens: number;
  cachedTokens: number;
}

export interface Ended {
  promptMs: number;
  decodeMs: number;
}

/** How an expert is to be attached. */
export interface AttachTerms {
  policy: Policy;
  /** Whether it may have been made for a base model of another name. */
  anyBase: boolean;
  maxBytes: number | undefined;
}

/** Where the bytes of an expert come from: the worker, or whoever asked for it. */
export type ExpertSource =
  | { near: WorkerSource }
  | { size: number | undefined }
  /** Of a PEFT folder, by their names. */
  | { files: Record<string, WorkerSource | Uint8Array> };

/**
 * The attaching goes on when it is asked to: with these bytes of the file (a length of 0: all of them), or with what it
 * reads by itself.
 */
export type AttachStep = { id: number } & (
  { wanted: Range | undefined; loaded: number; total: number | undefined } | { ready: ReadyExpert }
);

export interface ReadyExpert {
  id: number;
  verdict: Verdict;
  description: ExpertDescription;
  /** To be remembered by a trust store. */
  release: Release | undefined;
  timings: AttachTimings;
  brings: {
    adapter: boolean;
    grammar: boolean;
    /** Positions that its soft prompt takes. */
    softPromptTokens: number;
    calibration: boolean;
    /** Tokens that it adds. */
    tokens: number;
  };
}

/** Bytes of what an expert holds. */
export interface ExpertMemory {
  total: number;
  adapter: number;
}

/** Experts of a session, by their numbers. */
export interface ExpertChoice {
  experts: { id: number; weight: number }[];
  softPrompt: boolean;
  calibration: boolean;
}

/** What a text must be; `undefined`: anything. */
export type GrammarChoice = { gbnf: string } | { schema: string } | { expert: number } | undefined;

/** Which experts become part of a copy of the model. */
export interface MergeWish {
  use: ExpertChoice;
  /** Bytes that the weights that change may take. */
  maxMemory: number | undefined;
}

/** The merging goes on when it is asked to. */
export type MergeStep = MergeProgress | MergedModel;

/** Matrices. */
export interface MergeProgress {
  merged: number;
  total: number;
}

export interface MergedModel {
  /** Its number in the worker. */
  model: number;
  opened: OpenedText;
  /** GBNF of each expert, in their order. */
  grammars: (string | undefined)[];
}

export interface SessionShape {
  context: number;
  cacheType: "f16" | "f32";
}

export interface SessionInfo {
  id: number;
  context: number;
  length: number;
  /** What it has chosen. */
  use: ExpertChoice;
}

/** What the worker can be asked: it has one model, and those that share weights with it. */
export interface WorkerCalls {
  start(start: TextStart): void;
  ask(call: ModelCall): unknown;
  unload(model: number): void;
}

/** Of one of the models; the first is 0. */
export type ModelCall = Call<TextCalls> & { model: number };

/** What a model can be asked. */
export interface TextCalls {
  beginLoading(terms: LoadTerms): void;
  /** Bytes follow by `push`. */
  beginFile(file: { name: string; size: number }): void;
  /** Opens the file there. */
  openFile(file: { name: string; source: WorkerSource }): { size: number };
  push(bytes: Uint8Array): void;
  /** Reads and packs for a few milliseconds. */
  readFile(): { loaded: number; done: boolean };
  endFile(): void;
  finishLoading(): OpenedText;

  memory(): TextMemory;
  encode(wish: { text: string; special: boolean }): Uint32Array;
  decode(wish: { tokens: Uint32Array; special: boolean }): string;
  pieces(tokens: Uint32Array): string[];
  embed(wish: { text: string; pooling: Pooling }): Float32Array;

  attachExpert(wish: AttachTerms & { source: ExpertSource }): AttachStep;
  continueAttach(wish: { id: number; bytes: Uint8Array | undefined }): AttachStep;
  /** Ends it, unless it has ended. */
  endAttach(id: number): void;
  detachExpert(id: number): void;
  expertMemory(id: number): ExpertMemory;

  /** Gives its number, and of how many matrices it is. */
  beginMerge(wish: MergeWish): { id: number; total: number };
  continueMerge(id: number): MergeStep;
  /** Ends it, unless it has ended. */
  endMerge(id: number): void;

  openSession(options: SessionShape & { use: ExpertChoice }): SessionInfo;
  restoreSession(saved: Uint8Array): SessionInfo;
  fork(session: number): SessionInfo;
  closeSession(session: number): void;
  tokens(session: number): Uint32Array;
  truncate(wish: { session: number; length: number }): void;
  save(session: number): Uint8Array;

  begin(wish: BeginWish): Begun;
  step(session: number): Step;
  /** Ends what was begun, if it has not ended. */
  end(session: number): Ended;
}
