// Which trust store a command asks.

import { openTrustStore, type TrustStore } from "../index.js";
import type { NamedKey } from "./public-key.js";

/** The word that keeps every store out. */
const NONE = "none";

/**
 * The store that judges files. That of the account takes part once it has a key, so that nobody who
 * trusts nobody is refused anything, or gets a file for having looked at one.
 */
export async function storeToAsk(named: string | undefined): Promise<TrustStore | undefined> {
  if (named === NONE) return undefined;
  const store = await openTrustStore(named);
  return named === undefined && (await store.keys()).length === 0 ? undefined : store;
}

/** The same store with other keys: its lists and what it remembers count as before. */
export function withKeys(store: TrustStore, keys: readonly NamedKey[]): TrustStore {
  const given = keys.map(({ key, name = "", scope = "*" }) => ({ key, name, scope }));
  return { ...view(store), keys: () => Promise.resolve(given) };
}

/** The same store, that nothing is written to. */
export function unchanged(store: TrustStore): TrustStore {
  return { ...view(store), remember: () => Promise.resolve() };
}

function view(store: TrustStore): TrustStore {
  return {
    keys: () => store.keys(),
    addKey: (key) => store.addKey(key),
    removeKey: (key) => store.removeKey(key),
    lists: () => store.lists(),
    addList: (bytes) => store.addList(bytes),
    rotate: (bytes) => store.rotate(bytes),
    releases: () => store.releases(),
    remembered: (name) => store.remembered(name),
    remember: (release) => store.remember(release),
    forget: (name) => store.forget(name),
  };
}
