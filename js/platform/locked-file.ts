// A text in a file: replaced as a whole, readable by its owner alone, changed by one program at a time.

import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A lock this old was left by a program that ended. */
const staleMs = 10_000;
const patienceMs = 15_000;
const retryMs = 20;

/** Does a step of the file system; what that throws it throws as an error of the caller. */
export type Attempt = <T>(step: () => Promise<T>) => Promise<T>;

/** What the caller of `update` throws is thrown as it is. */
export class LockedFile {
  readonly #path: string;
  readonly #attempt: Attempt;

  constructor(path: string, attempt: Attempt) {
    this.#path = path;
    this.#attempt = attempt;
  }

  /** `undefined`: there is none yet. */
  read(): Promise<string | undefined> {
    return this.#attempt(() => readIfThere(this.#path));
  }

  async update(change: (text: string | undefined) => string): Promise<void> {
    const path = this.#path;
    await this.#attempt(() => mkdir(dirname(path), { recursive: true, mode: 0o700 }));
    const unlock = await this.#attempt(() => lock(`${path}.lock`));
    try {
      const text = change(await this.read());
      await this.#attempt(() => replace(path, text));
    } finally {
      await unlock();
    }
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Either the old text or the new one is there, whenever the program ends. */
async function replace(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  try {
    await writeFlushed(fresh, text);
    await rename(fresh, path);
  } catch (thrown) {
    await rm(fresh, { force: true });
    throw thrown;
  }
}

/** Returns when it lies on the disk. */
export async function writeFlushed(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Keeps other programs out, and other calls in this one; gives what lets them in again. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (const end = Date.now() + patienceMs; ;) {
    try {
      await (await open(path, "wx", 0o600)).close();
      return () => rm(path, { force: true });
    } catch (thrown) {
      if (codeOf(thrown) !== "EEXIST" || Date.now() > end) throw thrown;
    }
    await removeStale(path);
    await delay(retryMs);
  }
}

async function removeStale(path: string): Promise<void> {
  try {
    if (Date.now() - (await stat(path)).mtimeMs > staleMs) await rm(path);
  } catch (thrown) {
    if (codeOf(thrown) !== "ENOENT") throw thrown;
  }
}

export function codeOf(thrown: unknown): unknown {
  return (thrown as NodeJS.ErrnoException).code;
}
