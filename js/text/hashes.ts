// What the files of a model must have: stated by the caller, or by a manifest.

import { AndonError } from "../errors.js";
import { openSource, sourceError } from "../source.js";
import type { LanguageModelOptions } from "./load-options.js";
import type { NamedSource } from "./model-files.js";

/** Far more than the lines of any model. */
const longestManifest = 1 << 20;

/** SHA-256 by the names of files; empty: none are stated. Errors: InvalidArgument. */
export function statedHashes(
  files: readonly NamedSource[],
  { sha256 = {} }: LanguageModelOptions,
): Record<string, Uint8Array> {
  if (typeof sha256 !== "string") {
    return Object.fromEntries(Object.entries(sha256).map(([name, hex]) => [name, digestOf(hex)]));
  }
  const [file] = files;
  if (file !== undefined && files.length === 1) return { [file.name]: digestOf(sha256) };
  throw new AndonError("InvalidArgument", "sha256: one hash for several files");
}

/** The list that the caller gives. Errors: SourceUnreadable. */
export async function readManifest({
  manifest,
  signal,
}: LanguageModelOptions): Promise<Uint8Array | undefined> {
  if (manifest === undefined) return undefined;
  const never = signal ?? new AbortController().signal;
  try {
    const source = await openSource(manifest, never);
    try {
      return new Uint8Array(await source.readAt(0, longestManifest, never));
    } finally {
      await source.close();
    }
  } catch (thrown) {
    throw sourceError(thrown, signal);
  }
}

function digestOf(hex: unknown): Uint8Array {
  if (typeof hex !== "string" || !/^[0-9a-f]{64}$/i.test(hex)) {
    throw new AndonError("InvalidArgument", "sha256: not 64 hexadecimal digits");
  }
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
