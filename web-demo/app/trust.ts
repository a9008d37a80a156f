// Whom files must come from, what counts no more, and as of when: everything a file is judged by.

import {
  AndonError,
  memoryTrustStore,
  type OpenOptions,
  type StoredKey,
  type TrustedKey,
} from "./andon.js";
import { byId, focusOn } from "./dom.js";
import { short } from "./foreign.js";
import { keptTrust } from "./kept-trust.js";
import { revocationLists } from "./trust-lists.js";

const largestKeyFile = 4096; // bytes; a PEM of an Ed25519 key has 113

type Policy = Pick<
  OpenOptions,
  "trust" | "allowUnsigned" | "allowUnknownSigner" | "now" | "sha256"
>;

export interface Trust {
  policy(): Promise<Policy>;
  /** Keys alone, without lists and releases: for formats that have no use for more, in a worker. */
  plainPolicy(): Policy;
  keys(): readonly StoredKey[]; // none: files are opened whoever signed them
  /** The revocation lists that were added. */
  lists(): Promise<Uint8Array[]>;
  require(key: string, name?: string, scope?: string): Promise<void>;
  addListFrom(file: Blob | Response): Promise<void>;
}

/** Empty when the text is a key, else what is wrong with it. */
async function problemWith(key: TrustedKey): Promise<string> {
  try {
    await memoryTrustStore().addKey(key);
    return "";
  } catch (error) {
    if (!(error instanceof AndonError)) throw error;
    return "This is not an Ed25519 public key.";
  }
}

/** The field as a time in UTC, as its label says; undefined where it is empty: now. */
function timeOf(field: HTMLInputElement): Date | undefined {
  const time = new Date(`${field.value}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function summary(key: StoredKey | undefined, lists: number, asOf: string): string {
  const whose = key ? `Only ${key.name || short(key.key, 16)}` : "Anyone’s, or none";
  const listed = lists === 1 ? " · a revocation list" : ` · ${lists} revocation lists`;
  const when = asOf === "" ? "" : ` · as of ${asOf.replace("T", " ")} UTC`;
  return `${whose}${lists === 0 ? "" : listed}${when}`;
}

export function trustControl(onChange: () => void): Trust {
  const keyBox = byId("trust-key", HTMLTextAreaElement);
  const nameBox = byId("trust-name", HTMLInputElement);
  const scopeBox = byId("trust-scope", HTMLInputElement);
  const problem = byId("trust-problem", HTMLElement);
  const clear = byId("trust-clear", HTMLButtonElement);
  const unsigned = byId("allow-unsigned", HTMLInputElement);
  const unknown = byId("allow-unknown", HTMLInputElement);
  const asOf = byId("as-of", HTMLInputElement);
  const hash = byId("model-hash", HTMLInputElement);
  const kept = keptTrust();
  let keys: readonly StoredKey[] = [];

  function settle(): void {
    const state = byId("trust-state", HTMLElement);
    state.textContent = summary(keys[0], lists.count(), asOf.value);
    clear.hidden = keys.length === 0;
    onChange();
  }
  const lists = revocationLists(kept, settle);

  async function load(): Promise<void> {
    keys = await (await kept.store()).keys();
    unsigned.checked = unknown.checked = keys.length === 0; // naming a key asks for it
    const [only] = keys;
    if (only && keyBox.value === "") {
      [keyBox.value, nameBox.value] = [only.key, only.name];
      scopeBox.value = only.scope === "*" ? "" : only.scope;
    }
    await lists.load();
    settle();
  }
  async function requireOnly(next: TrustedKey[]): Promise<void> {
    const store = await kept.store();
    for (const { key } of keys) await store.removeKey(key);
    for (const key of next) await store.addKey(key);
    await load();
  }
  async function apply(): Promise<void> {
    const name = nameBox.value.trim();
    const scope = scopeBox.value.trim();
    const key: TrustedKey = { key: keyBox.value.trim(), name, scope: scope || "*" };
    const wrong = await problemWith(key);
    problem.textContent = wrong;
    keyBox.setAttribute("aria-invalid", String(wrong !== ""));
    if (wrong) focusOn(keyBox);
    else await requireOnly([key]);
  }

  byId("trust-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void apply();
  });
  clear.addEventListener("click", () => void requireOnly([]));
  for (const field of [unsigned, unknown, asOf, hash]) field.addEventListener("change", settle);
  const loaded = load();

  function plainPolicy(): Policy {
    const allowed = { allowUnsigned: unsigned.checked, allowUnknownSigner: unknown.checked };
    return { trust: keys.map(({ key, name, scope }) => ({ key, name, scope })), ...allowed };
  }
  return {
    keys: () => keys,
    plainPolicy,
    lists: async () => (await kept.store()).lists(),
    async policy() {
      await loaded;
      const now = timeOf(asOf);
      const trust = await kept.store();
      const sha256 = hash.value.trim();
      return {
        ...plainPolicy(),
        trust,
        ...(now === undefined ? {} : { now }),
        ...(sha256 === "" ? {} : { sha256 }),
      };
    },
    async require(key, name = "", scope = "") {
      await loaded;
      keyBox.value = key;
      nameBox.value = name;
      scopeBox.value = scope;
      await apply();
    },
    async addListFrom(file) {
      await loaded;
      await lists.add(new Uint8Array(await file.arrayBuffer()));
    },
  };
}

export async function readKeyFile(file: File): Promise<void> {
  const keyBox = byId("trust-key", HTMLTextAreaElement);
  keyBox.value = await file.slice(0, largestKeyFile).text();
  focusOn(keyBox);
}
