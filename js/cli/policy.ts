// Whom the command line trusts, as the options of open().

import { type OpenOptions, readRevocationList } from "../index.js";
import { readWhole } from "./input.js";
import { namedKey } from "./public-key.js";
import { parseTime } from "./time.js";
import { storeToAsk, unchanged, withKeys } from "./trust-store.js";

export const TRUST_OPTIONS = {
  trust: { type: "string", multiple: true },
  "trust-store": { type: "string" },
  "revocation-list": { type: "string", multiple: true },
  time: { type: "string" },
} as const;

export const POLICY_OPTIONS = {
  ...TRUST_OPTIONS,
  "allow-unsigned": { type: "boolean" },
  "allow-unknown-signer": { type: "boolean" },
  "require-fresh-lists": { type: "boolean" },
} as const;

interface TrustValues {
  trust?: string[];
  "trust-store"?: string;
  "revocation-list"?: string[];
  time?: string;
}

interface PolicyValues extends TrustValues {
  "allow-unsigned"?: boolean;
  "allow-unknown-signer"?: boolean;
  "require-fresh-lists"?: boolean;
}

/** Throws InputUnreadable, UsageError, errors of the trust store and of reading lists. */
export async function policyFrom(values: PolicyValues, verb: string): Promise<OpenOptions> {
  const options = await trustFrom(values, verb);
  if (values["allow-unsigned"]) options.allowUnsigned = true;
  if (values["allow-unknown-signer"]) options.allowUnknownSigner = true;
  if (values["require-fresh-lists"]) options.requireFreshLists = true;
  return options;
}

/** To look at a file is not to run it: any signer will do, or none, and nothing is remembered. */
export async function policyToLook(values: TrustValues, verb: string): Promise<OpenOptions> {
  const options = await trustFrom(values, verb);
  const { trust } = options;
  if (trust !== undefined && "remember" in trust) options.trust = unchanged(trust);
  return { ...options, allowUnsigned: true, allowUnknownSigner: true };
}

async function trustFrom(values: TrustValues, verb: string): Promise<OpenOptions> {
  const options: OpenOptions = {};
  const given = values.trust && (await Promise.all(values.trust.map(namedKey)));
  const store = await storeToAsk(values["trust-store"]);
  const trust = store && given ? withKeys(store, given) : (given ?? store);
  if (trust !== undefined) options.trust = trust;
  const lists = values["revocation-list"];
  if (lists !== undefined) options.revocationLists = await Promise.all(lists.map(readList));
  if (values.time !== undefined) options.now = parseTime("--time", values.time, verb);
  return options;
}

/** Judged here: a list that is none is a mistake of the command line, whatever the file. */
async function readList(path: string): Promise<Uint8Array> {
  const bytes = await readWhole(path);
  await readRevocationList(bytes);
  return bytes;
}
