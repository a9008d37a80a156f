// What a user trusts, kept: keys, revocation lists, and the releases that were accepted.

import { platform } from "#platform";
import {
  readKeyRotation,
  readRevocationList,
  type KeyRotationDescription,
  type RevocationListDescription,
} from "./certificates.js";
import { fromBase64, publicKeyBytes, toBase64, type PublicKey } from "./keys.js";
import * as content from "./trust-store-content.js";
import type { Release, StoredKey, TrustContent } from "./trust-store-content.js";
import type { TrustedKey } from "./trust.js";

export type { Release, StoredKey };

/** Where a store's text lies: a file, a database, or memory. */
export interface TrustStorage {
  /** Nothing where there is none yet. Errors: TrustStoreUnavailable. */
  read(): Promise<string | undefined>;
  /** Reads, changes and writes with nobody in between; what `change` throws leaves all as it was. */
  update(change: (text: string | undefined) => string): Promise<void>;
}

/**
 * All methods throw `TrustStoreMalformed` where what is kept does not have its documented form, and
 * `TrustStoreUnavailable` where it cannot be read or written.
 */
export interface TrustStore {
  keys(): Promise<StoredKey[]>;
  /** Adds a key, or gives one that is there another name or scope. Throws `KeyMalformed`. */
  addKey(key: TrustedKey): Promise<void>;
  /** Throws `KeyNotFound`, `KeyMalformed`. */
  removeKey(key: PublicKey): Promise<void>;

  /** The newest of each issuer. */
  lists(): Promise<Uint8Array[]>;
  /** Throws `RevocationListRollback` unless newer than what is there, and those of reading it. */
  addList(bytes: Uint8Array): Promise<RevocationListDescription>;

  /**
   * Trusts the new key of a statement in place of the old one, with its name and scope. The old one
   * stays trusted, for what it signed before cannot be told from what it signs later; but it can hand
   * over to no other key. Where it was lost, revoke it or remove it.
   *
   * Throws `KeyNotFound` where the old key is not trusted, `RotationRepeated`, and the errors of
   * reading the statement.
   */
  rotate(bytes: Uint8Array): Promise<KeyRotationDescription>;

  /** The highest release that was accepted under each name. */
  releases(): Promise<Release[]>;
  remembered(name: string): Promise<Release | undefined>;
  /** Keeps the higher counter, and for ever that a release was signed. */
  remember(release: Release): Promise<void>;
  /** For a publisher who went back on purpose. */
  forget(name: string): Promise<void>;
}

/**
 * Opens the store of this user, or another one; it comes to be when it is first written.
 *
 * @param where in Node.js the path of a JSON file, by default `trust.json` in the folder `andon` of
 *   `$XDG_CONFIG_HOME` or `~/.config`; in a browser the name of an IndexedDB database, by default
 *   `andon-trust`
 * @throws AndonError `TrustStoreMalformed`, `TrustStoreUnavailable`
 */
export async function openTrustStore(where?: string): Promise<TrustStore> {
  const store = storeIn(platform.trustStorage(where));
  await store.keys(); // tells now what any use would tell
  return store;
}

/** A store that ends with the program. */
export function memoryTrustStore(): TrustStore {
  let held: string | undefined;
  return storeIn({
    read: () => Promise.resolve(held),
    update: (change) => {
      held = change(held);
      return Promise.resolve();
    },
  });
}

/** @internal */
export function storeIn(storage: TrustStorage): TrustStore {
  return new StoredTrust(storage);
}

class StoredTrust implements TrustStore {
  readonly #storage: TrustStorage;

  constructor(storage: TrustStorage) {
    this.#storage = storage;
  }

  async keys(): Promise<StoredKey[]> {
    return (await this.#content()).keys;
  }

  async addKey({ key, name = "", scope = "*" }: TrustedKey): Promise<void> {
    const stored = { key: toBase64(publicKeyBytes(key)), name, scope };
    await this.#update((old) => content.withKey(old, stored));
  }

  async removeKey(key: PublicKey): Promise<void> {
    const id = toBase64(publicKeyBytes(key, "the key"));
    await this.#update((old) => content.withoutKey(old, id));
  }

  async lists(): Promise<Uint8Array[]> {
    const { lists } = await this.#content();
    return lists.map(({ bytes }) => fromBase64(bytes) ?? new Uint8Array());
  }

  async addList(bytes: Uint8Array): Promise<RevocationListDescription> {
    const list = await readRevocationList(bytes);
    const { issuer, number } = list;
    const stored = { issuer, number, bytes: toBase64(bytes) };
    await this.#update((old) => content.withList(old, stored));
    return list;
  }

  async rotate(bytes: Uint8Array): Promise<KeyRotationDescription> {
    const rotation = await readKeyRotation(bytes);
    await this.#update((old) => content.withRotation(old, rotation));
    return rotation;
  }

  async releases(): Promise<Release[]> {
    return (await this.#content()).releases;
  }

  async remembered(name: string): Promise<Release | undefined> {
    return (await this.releases()).find((release) => release.name === name);
  }

  async remember(release: Release): Promise<void> {
    const known = await this.remembered(release.name);
    if (known !== undefined && !content.exceeds(release, known)) return; // nothing to write
    await this.#update((old) => content.withRelease(old, release));
  }

  async forget(name: string): Promise<void> {
    await this.#update((old) => content.withoutRelease(old, name));
  }

  async #content(): Promise<TrustContent> {
    return content.parseTrust(await this.#storage.read());
  }

  async #update(change: (old: TrustContent) => TrustContent): Promise<void> {
    await this.#storage.update((text) => content.trustText(change(content.parseTrust(text))));
  }
}
