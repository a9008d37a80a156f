// A store of experts in the origin private file system of a browser (WHATWG File System), in a folder of its own.

import { AndonError, reasonOf } from "../errors.js";
import type { ExpertStorage } from "../experts/store.js";

const list = "experts.json";

export function expertOpfs(where = "andon-experts"): ExpertStorage {
  const attempt = async <T>(
    step: (folder: FileSystemDirectoryHandle) => Promise<T>,
  ): Promise<T> => {
    try {
      const root = await navigator.storage.getDirectory();
      return await step(await root.getDirectoryHandle(where, { create: true }));
    } catch (cause) {
      const message = `store of experts '${where}': ${reasonOf(cause)}`;
      throw new AndonError("ExpertStoreUnavailable", message, { cause });
    }
  };
  const read = async (): Promise<string | undefined> =>
    attempt(async (folder) => (await fileIn(folder, list))?.text());
  return {
    read,
    update: (change) =>
      locked(where, async () => {
        const text = change(await read());
        await attempt((folder) => write(folder, list, text));
      }),
    readFile: (name) =>
      attempt(async (folder) => {
        const file = await fileIn(folder, name);
        return file && new Uint8Array(await file.arrayBuffer());
      }),
    writeFile: (name, bytes) => attempt((folder) => write(folder, name, bytes)),
    removeFile: (name) =>
      attempt(async (folder) => {
        if ((await fileIn(folder, name)) !== undefined) await folder.removeEntry(name);
      }),
  };
}

/** One page or worker of the origin at a time (W3C Web Locks). Errors: ExpertStoreUnavailable, those of `step`. */
async function locked(where: string, step: () => Promise<void>): Promise<void> {
  const { locks } = navigator as { locks?: LockManager }; // as the file system, not on pages that are not secure
  if (locks !== undefined) return locks.request(`andon-experts:${where}`, step);
  throw new AndonError("ExpertStoreUnavailable", `store of experts '${where}': there are no locks`);
}

async function fileIn(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (thrown) {
    if ((thrown as { name?: unknown }).name === "NotFoundError") return undefined;
    throw thrown;
  }
}

/** A file takes the place of the one before when it is closed. */
async function write(
  folder: FileSystemDirectoryHandle,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  const file = await folder.getFileHandle(name, { create: true });
  const writable = await file.createWritable();
  try {
    await writable.write(content as string | Uint8Array<ArrayBuffer>);
    await writable.close();
  } catch (thrown) {
    await writable.abort().catch(() => undefined);
    throw thrown;
  }
}
