// A trust store in a file: replaced as a whole, readable by its owner alone.

import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AndonError, reasonOf } from "../errors.js";
import type { TrustStorage } from "../trust-store.js";

/** A lock this old was left by a program that ended. */
const staleMs = 10_000;
const patienceMs = 15_000;
const retryMs = 20;

export function trustFile(where?: string): TrustStorage {
  const path = resolve(where ?? defaultPath());
  return {
    read: () => available(path, () => readIfThere(path)),
    update: async (change) => {
      await available(path, () => mkdir(dirname(path), { recursive: true, mode: 0o700 }));
      const unlock = await available(path, () => lock(`${path}.lock`));
      try {
        const old = await available(path, () => readIfThere(path));
        const text = change(old);
        await available(path, () => replace(path, text));
      } finally {
        await unlock();
      }
    },
  };
}

function defaultPath(): string {
  const configured = process.env["XDG_CONFIG_HOME"];
  // The XDG Base Directory Specification has relative paths ignored.
  const folder = configured?.startsWith("/") ? configured : join(homedir(), ".config");
  return join(folder, "andon", "trust.json");
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
    const file = await open(fresh, "w", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (thrown) {
    await rm(fresh, { force: true });
    throw thrown;
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

async function available<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    const message = `trust store '${path}': ${reasonOf(cause)}`;
    throw new AndonError("TrustStoreUnavailable", message, { cause });
  }
}

function codeOf(thrown: unknown): unknown {
  return (thrown as NodeJS.ErrnoException).code;
}
