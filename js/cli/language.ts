// Opening a language model for a person who waits, and its words for their terminal.

import { type LanguageModel, type LanguageModelOptions, open } from "../index.js";
import { ByteProgress } from "./progress.js";
import type { OutputStream, Terminal } from "./terminal.js";

/** Shows a bar where a person looks. */
export async function openText(
  file: string,
  options: LanguageModelOptions,
  terminal: Terminal,
): Promise<LanguageModel> {
  const bar = new ByteProgress(terminal.stderr.isTTY === true ? terminal.stderr : undefined);
  try {
    return await open(file, { ...options, kind: "language-model", onProgress: bar.report });
  } finally {
    bar.clear();
  }
}

// What moves the cursor or the direction of text; joiners are part of words and emoji.
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text as the model wrote it; a terminal gets none of its control characters. */
export function words(text: string, stream: OutputStream): string {
  if (stream.isTTY !== true) return text;
  return text.replace(UNSAFE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}
