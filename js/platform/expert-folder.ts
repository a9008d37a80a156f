// A store of experts in a folder: `experts.json`, which lists them, and the packages.

import { mkdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AndonError, reasonOf } from "../errors.js";
import type { ExpertStorage } from "../experts/store.js";
import { codeOf, LockedFile, writeFlushed, type Attempt } from "./locked-file.js";
import { userFolder } from "./user-folder.js";

export function expertFolder(where?: string): ExpertStorage {
  const folder = resolve(where ?? join(userFolder("XDG_DATA_HOME", ".local/share"), "experts"));
  const attempt: Attempt = async (step) => {
    try {
      return await step();
    } catch (cause) {
      const message = `store of experts '${folder}': ${reasonOf(cause)}`;
      throw new AndonError("ExpertStoreUnavailable", message, { cause });
    }
  };
  const list = new LockedFile(join(folder, "experts.json"), attempt);
  return {
    read: () => list.read(),
    update: (change) => list.update(change),
    readFile: (name) => attempt(() => readIfThere(join(folder, name))),
    writeFile: (name, bytes) => attempt(() => writeOrNothing(folder, name, bytes)),
    removeFile: (name) => attempt(() => rm(join(folder, name), { force: true })),
  };
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

async function writeOrNothing(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  try {
    await writeFlushed(path, bytes);
  } catch (thrown) {
    await rm(path, { force: true });
    throw thrown;
  }
}
