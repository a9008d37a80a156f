// What a language model is, as the core describes it.

/** Plain facts about a language model. */
export interface LanguageModelDescription {
  format: "gguf" | "safetensors";
  /** 2 or 3 of GGUF; `null` otherwise. */
  formatVersion: number | null;
  /** Of the file, in lower-case hex; of several, of the lines of `sha256sum` for them. `null`: nobody asked for it. */
  sha256: string | null;
  /** The SHA-256 of the SHA-256s of the pieces of 1 MiB: as good to tell models apart, and always there. */
  fingerprint: string;
  files: { name: string; bytes: number; sha256: string | null }[];
  name: string | null;
  license: string | null;
  architecture: string;
  layers: number;
  hidden: number;
  intermediate: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  vocabulary: number;
  /** Positions that the model was made for. */
  contextLength: number;
  /** Packed, in memory. */
  weightBytes: number;
  /** How many tensors are of each type: `{ "Q8_0": 197, "F32": 113 }`. */
  tensorTypes: Record<string, number>;
  tokenizer: {
    kind: "bpe" | "sentencepiece";
    begin: number | null;
    end: number | null;
    addBegin: boolean;
    /** The token that `embed` adds to a text, as models that were trained for that want it. */
    appended: number | null;
    /** Text is to be in Unicode's normal form C, which `encode` brings it to. */
    normalizeNfc: boolean;
  };
  chatTemplate: string | null;
  /** Experts that `merge` made part of it, in their order. */
  merged: { name: string; version: string; weight: number }[];
}

/** Which of the package's builds runs, and why. */
export interface TextBuild {
  name: TextBuildName;
  simd: "plain" | "relaxed";
  threads: number;
  /** A sentence for people: why it has no more threads, or why its SIMD is plain. */
  reason: string;
}

export type TextBuildName =
  "andon-text" | "andon-text-relaxed" | "andon-text-threads" | "andon-text-relaxed-threads";
