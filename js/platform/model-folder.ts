// The files of a language model in the file system.

import { access, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { urlScheme } from "../source.js";
import { nameOf, partNames } from "../text/model-files.js";
import type { ModelFolders } from "./platform.js";

/** Of a folder all files; of a part of a split GGUF file all parts; otherwise the file alone. */
async function filesOf(path: string | URL): Promise<Record<string, string>> {
  if (isUrl(path)) return { [nameOf(path)]: String(path) };
  const place = placeOf(path);
  const whole = await isFolder(place);
  const folder = whole ? place : dirname(place);
  const names = whole ? await readdir(place) : partNames(basename(place));
  return Object.fromEntries(names.map((name) => [name, join(folder, name)]));
}

/** `FILE.sha256`, and in a folder `SHA256SUMS`. */
async function manifestOf(path: string | URL): Promise<string | undefined> {
  if (isUrl(path)) return undefined;
  const place = placeOf(path);
  for (const manifest of [`${place}.sha256`, join(place, "SHA256SUMS")]) {
    const found = await access(manifest).then(
      () => true,
      () => false,
    );
    if (found) return manifest;
  }
  return undefined;
}

async function isFolder(source: unknown): Promise<boolean> {
  if (!(typeof source === "string" || source instanceof URL) || isUrl(source)) return false;
  return readdir(placeOf(source)).then(
    (names) => names.some((name) => /\.(gguf|safetensors)$/i.test(name)),
    () => false, // it is none, or reading it will say why
  );
}

/** Whether it names something outside the file system. */
function isUrl(path: string | URL): boolean {
  return urlScheme.test(String(path)) && !String(path).startsWith("file:");
}

function placeOf(path: string | URL): string {
  return String(path).startsWith("file:") ? fileURLToPath(path) : String(path);
}

export const modelFolders: ModelFolders = { isFolder, filesOf, manifestOf };
