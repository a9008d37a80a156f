// Options of pack, convert and sign that say how an expert is to be written.

import type { ExpertPackOptions } from "../index.js";
import { oneOf, wholeNumber } from "./arguments.js";
import { UsageError } from "./errors.js";
import { readWhole } from "./input.js";
import { type PrivateKey, readPrivateKey } from "./private-key.js";
import type { Terminal } from "./terminal.js";

export const SIGN_OPTIONS = {
  "sign-key": { type: "string" },
  cert: { type: "string" },
} as const;

export const WRITE_OPTIONS = {
  ...SIGN_OPTIONS,
  format: { type: "string" },
  "compression-level": { type: "string" },
} as const;

interface SignValues {
  "sign-key"?: string;
  cert?: string;
}
interface WriteValues extends SignValues {
  format?: string;
  "compression-level"?: string;
}

const LEAST_LEVEL = 1;
const MOST_LEVEL = 19;

export interface Signing {
  options: Pick<ExpertPackOptions, "signingKey" | "chain">;
  signer: PrivateKey["publicKey"] | null;
}

/** Throws InputUnreadable, KeyMalformed, UsageError. */
export async function signingFrom(
  values: SignValues,
  terminal: Terminal,
  verb: string,
): Promise<Signing> {
  const { "sign-key": keyFile, cert } = values;
  if (keyFile === undefined) {
    if (cert === undefined) return { options: {}, signer: null };
    throw new UsageError(`${verb}: --cert is about a key: --sign-key is missing`, verb);
  }
  const chain = cert === undefined ? {} : { chain: await readWhole(cert) };
  const key = await readPrivateKey(keyFile, terminal, verb);
  return { options: { signingKey: key.seed, ...chain }, signer: key.publicKey };
}

/** Throws UsageError. */
export function versionFrom(values: WriteValues, verb: string): 1 | 2 | undefined {
  if (values.format === undefined) return undefined;
  return oneOf(verb, "--format", values.format, ["1", "2"]) === "1" ? 1 : 2;
}

/** Throws UsageError. */
export function levelFrom(
  { "compression-level": level }: WriteValues,
  verb: string,
): Pick<ExpertPackOptions, "compressionLevel"> {
  if (level === undefined) return {};
  const option = "--compression-level";
  return { compressionLevel: wholeNumber(verb, option, level, LEAST_LEVEL, MOST_LEVEL) };
}
