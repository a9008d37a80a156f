// Experts that were installed, kept: their packages, and a list of what they are.

import { platform } from "#platform";
import { AndonError } from "../errors.js";
import type { Installed, InstalledExpert } from "./facts.js";
import { expertsText, parseExperts, type StoredExpert } from "./store-content.js";

/** Where a store lies: a folder, the private file system of a browser, or memory. Errors: ExpertStoreUnavailable. */
export interface ExpertStorage {
  /** The list; nothing where there is none yet. */
  read(): Promise<string | undefined>;
  /** Reads, changes and writes the list with nobody in between; what `change` throws leaves all as it was. */
  update(change: (text: string | undefined) => string): Promise<void>;
  /** `undefined`: there is no such file. */
  readFile(name: string): Promise<Uint8Array | undefined>;
  /** The file is whole, or not there. */
  writeFile(name: string, bytes: Uint8Array): Promise<void>;
  removeFile(name: string): Promise<void>;
}

/** Whether a change may happen, judged while nobody else can change anything. Throws where it may not. */
export type Rule = (installed: Installed) => void;

/**
 * For an `ExpertManager`, which verifies what comes in and what goes out. Several programs may use one at a time.
 *
 * All methods throw `ExpertStoreMalformed` where the list does not have its documented form, and
 * `ExpertStoreUnavailable` where the store cannot be read or written.
 */
export class ExpertStore {
  readonly #storage: ExpertStorage;

  /** @internal */
  constructor(storage: ExpertStorage) {
    this.#storage = storage;
  }

  /** By their names, sorted by them. */
  async list(): Promise<Installed> {
    return byName(await this.#stored());
  }

  /** An expert, and its package as it was installed. @throws AndonError `ExpertNotInstalled`, `ExpertChanged` */
  async read(name: string): Promise<{ expert: InstalledExpert; bytes: Uint8Array }> {
    for (let before = ""; ;) {
      const stored = (await this.#stored()).find(({ expert }) => expert.name === name);
      if (stored === undefined) throw notInstalled(name);
      const { file, expert } = stored;
      const bytes = await this.#storage.readFile(file);
      if (bytes !== undefined && (await sha256Hex(bytes)) === expert.sha256) {
        return { expert, bytes };
      }
      // Where it was updated meanwhile there is another file now.
      if (file === before) {
        const how = bytes === undefined ? "is not there" : "is not what was installed";
        throw new AndonError("ExpertChanged", `expert '${name}': its file ${how}`);
      }
      before = file;
    }
  }

  /** Keeps a package, in place of the one of that name. @throws AndonError those of `rule` @internal */
  async put(expert: InstalledExpert, bytes: Uint8Array, rule: Rule): Promise<void> {
    const file = freshName();
    await this.#storage.writeFile(file, bytes);
    try {
      await this.#change(rule, (held) => [
        ...held.filter((stored) => stored.expert.name !== expert.name),
        { file, expert },
      ]);
    } catch (thrown) {
      await this.#storage.removeFile(file);
      throw thrown;
    }
  }

  /** @throws AndonError `ExpertNotInstalled`, and those of `rule` @internal */
  async remove(removed: string, rule: Rule): Promise<void> {
    const found: Rule = (installed) => {
      if (!installed.has(removed)) throw notInstalled(removed);
      rule(installed);
    };
    await this.#change(found, (held) => held.filter(({ expert }) => expert.name !== removed));
  }

  async #stored(): Promise<StoredExpert[]> {
    return parseExperts(await this.#storage.read());
  }

  /** Files that are in the list no longer are removed. */
  async #change(rule: Rule, next: (held: StoredExpert[]) => StoredExpert[]): Promise<void> {
    let dropped: StoredExpert[] = [];
    await this.#storage.update((text) => {
      const held = parseExperts(text);
      rule(byName(held));
      const kept = next(held);
      dropped = held.filter((stored) => !kept.includes(stored));
      return expertsText(kept);
    });
    for (const { file } of dropped) await this.#storage.removeFile(file);
  }
}

/**
 * Opens the store of this user, or another one; it comes to be when it is first written.
 *
 * @param where in Node.js a folder, by default `andon/experts` in `$XDG_DATA_HOME` or `~/.local/share`; in a browser the
 *   name of a folder in the origin's private file system, by default `andon-experts`
 * @throws AndonError `ExpertStoreMalformed`, `ExpertStoreUnavailable`
 */
export async function openExpertStore(where?: string): Promise<ExpertStore> {
  const store = new ExpertStore(platform.expertStorage(where));
  await store.list(); // tells now what any use would tell
  return store;
}

/** A store that ends with the program. */
export function memoryExpertStore(): ExpertStore {
  const files = new Map<string, Uint8Array>();
  let list: string | undefined;
  return new ExpertStore({
    read: () => Promise.resolve(list),
    update: (change) => {
      list = change(list);
      return Promise.resolve();
    },
    readFile: (name) => Promise.resolve(files.get(name)),
    writeFile: (name, bytes) => {
      files.set(name, Uint8Array.from(bytes));
      return Promise.resolve();
    },
    removeFile: (name) => {
      files.delete(name);
      return Promise.resolve();
    },
  });
}

/** Errors: ExpertStoreUnavailable. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await platform.sha256(bytes);
  if (digest !== undefined) {
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  throw new AndonError(
    "ExpertStoreUnavailable",
    "store of experts: there is no WebCrypto, as on pages that are not served securely",
  );
}

export function notInstalled(name: string): AndonError {
  return new AndonError("ExpertNotInstalled", `no expert '${name}' is installed`);
}

function byName(stored: readonly StoredExpert[]): Installed {
  return new Map(stored.map(({ expert }) => [expert.name, expert]));
}

/** Nobody else has it: programs that install at the same time cannot meet. */
function freshName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}.expert`;
}
