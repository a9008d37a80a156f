// What the files of a model must have: stated by the caller, or by a manifest.

import { AndonError } from "../errors.js";
import { openSource, sourceError, type ModelSource } from "../source.js";
import type { LanguageModelOptions } from "./load-options.js";
import type { NamedSource } from "./model-files.js";

/** Far more than the lines of any model. */
const longestManifest = 1 << 20;

/** SHA-256 by the names of files; empty: none are stated. Errors: InvalidArgument, SourceUnreadable. */
export async function expectedHashes(
  files: readonly NamedSource[],
  { sha256, manifest, signal }: LanguageModelOptions,
): Promise<Record<string, Uint8Array>> {
  const stated = manifest === undefined ? {} : parseManifest(await readText(manifest, signal));
  if (typeof sha256 === "string") {
    const [file] = files;
    if (file === undefined || files.length > 1) {
      throw new AndonError("InvalidArgument", "sha256: one hash for several files");
    }
    stated[file.name] = sha256;
  } else {
    Object.assign(stated, sha256);
  }
  return Object.fromEntries(
    Object.entries(stated)
      .filter(([name]) => files.some((file) => file.name === name))
      .map(([name, hex]) => [name, digestOf(hex)]),
  );
}

/** Lines of `sha256sum`: the hash, two spaces or a space and an asterisk, and the name. */
function parseManifest(text: string): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    if (line === "") continue;
    const match = /^([0-9a-f]{64}) [ *](.+)$/i.exec(line);
    if (match === null) {
      throw new AndonError("InvalidArgument", "manifest: a line that sha256sum does not write");
    }
    const [, hex = "", path = ""] = match;
    hashes[path.replace(/^.*[/\\]/, "")] = hex;
  }
  return hashes;
}

function digestOf(hex: unknown): Uint8Array {
  if (typeof hex !== "string" || !/^[0-9a-f]{64}$/i.test(hex)) {
    throw new AndonError("InvalidArgument", "sha256: not 64 hexadecimal digits");
  }
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

async function readText(from: ModelSource, signal: AbortSignal | undefined): Promise<string> {
  const never = signal ?? new AbortController().signal;
  try {
    const source = await openSource(from, never);
    try {
      return new TextDecoder().decode(await source.readAt(0, longestManifest, never));
    } finally {
      await source.close();
    }
  } catch (thrown) {
    throw sourceError(thrown, signal);
  }
}
