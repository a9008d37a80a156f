import { publicKeyBytes, type PublicKey } from "./keys.js";
import { unixSeconds, type Time } from "./time.js";
import type { Release, StoredKey, TrustStore } from "./trust-store.js";
import { requireBytes } from "./values.js";

/** An Ed25519 public key that the caller trusts, to sign files and to vouch for other keys. */
export interface TrustedKey {
  /** 32 raw bytes, their base64, or a PEM of SubjectPublicKeyInfo (RFC 8410). */
  key: PublicKey;
  /** Shown as the signer. */
  name?: string;
  /** The names of experts that it may sign, `*` for any text: `expert-acme-*`. Default: all. */
  scope?: string;
}

export interface TrustOptions {
  /**
   * Keys, or a store of keys, revocation lists and releases that were accepted before. Either makes
   * the policy strict: unsigned files and unknown signers are refused.
   */
  trust?: readonly TrustedKey[] | TrustStore;
  /** Beside those of the store. */
  revocationLists?: readonly Uint8Array[];
  /** Refuses what a revocation list past its end would let through. Default: false. */
  requireFreshLists?: boolean;
  /** Default: true without `trust`, false with it. */
  allowUnsigned?: boolean;
  /** Default: true without `trust`, false with it. */
  allowUnknownSigner?: boolean;
  /** The time at which certificates and lists are judged, in Unix seconds. Default: the clock. */
  now?: Time;
}

/** What may load, in the form that the core takes. */
export interface Policy {
  keys: { bytes: Uint8Array; name: string; scope: string }[];
  lists: Uint8Array[];
  releases: Release[];
  requireFreshLists: boolean;
  allowUnsigned: boolean;
  allowUnknownSigner: boolean;
  now: number; // Unix seconds
}

/** Errors: KeyMalformed, InvalidArgument, and those of the store. */
export async function policyOf(options: TrustOptions): Promise<Policy> {
  const { trust } = options;
  const lenient = trust === undefined;
  const store = storeOf(options);
  const now = unixSeconds(options.now ?? new Date(), "now");
  const keys = isStore(trust) ? (await trust.keys()).filter(begun(now)) : (trust ?? []);
  return {
    keys: keys.map(({ key, name = "", scope = "*" }) => ({
      bytes: publicKeyBytes(key),
      name,
      scope,
    })),
    lists: [...((await store?.lists()) ?? []), ...listsOf(options)],
    releases: (await store?.releases()) ?? [],
    requireFreshLists: options.requireFreshLists ?? false,
    allowUnsigned: options.allowUnsigned ?? lenient,
    allowUnknownSigner: options.allowUnknownSigner ?? lenient,
    now,
  };
}

/** A key that took over from another one counts from the time that their statement says. */
function begun(now: number): (key: StoredKey) => boolean {
  return ({ since = 0 }) => since <= now;
}

/** Where what was accepted is to be remembered. */
export function storeOf({ trust }: TrustOptions): TrustStore | undefined {
  return isStore(trust) ? trust : undefined;
}

function isStore(trust: TrustOptions["trust"]): trust is TrustStore {
  return trust !== undefined && !Array.isArray(trust);
}

function listsOf({ revocationLists = [] }: TrustOptions): readonly Uint8Array[] {
  for (const list of revocationLists) requireBytes("revocationLists: one", list);
  return revocationLists;
}
