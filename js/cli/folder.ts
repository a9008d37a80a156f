// The files of a folder, as `andon pack` takes them.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CliError } from "./errors.js";
import { unreadable } from "./input.js";

/** Paths by their names within the folder. Throws InputUnreadable. */
export async function filesIn(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  await collect(folder, "", files);
  if (files.size > 0) return files;
  throw new CliError("InputUnreadable", `'${folder}' has no files`);
}

/** Links are followed: caches of downloads consist of them. What is hidden belongs to other tools. */
async function collect(folder: string, prefix: string, files: Map<string, string>): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const info = await stat(path).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (info.isDirectory()) await collect(path, `${prefix}${name}/`, files);
    else if (info.isFile()) files.set(prefix + name, path);
  }
}

/** Sorted, so that everywhere the same is made of them. */
export async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  return names.filter((name) => !name.startsWith(".")).sort();
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
