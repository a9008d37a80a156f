// Measurements that need a process of their own.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs PATH.mjs, a path in bench/, and gives the JSON of the last line that it prints. */
export async function inFreshProcess(path, ...args) {
  const script = fileURLToPath(new URL(`${path}.mjs`, import.meta.url));
  const { stdout } = await execute(process.execPath, [script, ...args]);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1));
}

/** Calls `use` with the paths of `files` ({ name: bytes }), which are gone afterwards. */
export async function withFiles(files, use) {
  const folder = await mkdtemp(join(tmpdir(), "andon-bench-"));
  try {
    const paths = {};
    for (const [name, bytes] of Object.entries(files)) {
      paths[name] = join(folder, name);
      await writeFile(paths[name], bytes);
    }
    return await use(paths);
  } finally {
    await rm(folder, { recursive: true });
  }
}
