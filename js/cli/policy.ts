// --trust, --allow-unsigned and --allow-unknown-signer as the options of open().

import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { OpenOptions } from "../index.js";
import { CliError, systemReason } from "./errors.js";

export type TrustedKey = NonNullable<OpenOptions["trust"]>[number];

export const TRUST_OPTION = {
  trust: { type: "string", multiple: true },
} as const;

export const POLICY_OPTIONS = {
  ...TRUST_OPTION,
  "allow-unsigned": { type: "boolean" },
  "allow-unknown-signer": { type: "boolean" },
} as const;

export interface PolicyValues {
  trust?: string[];
  "allow-unsigned"?: boolean;
  "allow-unknown-signer"?: boolean;
}

/** No key is longer than this; a larger file was named by mistake. */
const MAX_KEY_FILE_BYTES = 64 * 1024;
/** 32 bytes in base64. */
const RAW_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** Throws InputUnreadable; whether a key is one, open() judges. */
export async function policyFrom(values: PolicyValues): Promise<OpenOptions> {
  const options: OpenOptions = {};
  if (values.trust !== undefined) options.trust = await Promise.all(values.trust.map(trustedKey));
  if (values["allow-unsigned"]) options.allowUnsigned = true;
  if (values["allow-unknown-signer"]) options.allowUnknownSigner = true;
  return options;
}

/** "[NAME=]KEY", where KEY is a file or base64. A key from a file is called after its file. */
async function trustedKey(argument: string): Promise<TrustedKey> {
  const [name, key] = split(argument);
  if (RAW_KEY.test(key)) return name === undefined ? { key } : { key, name };
  return { key: await readKeyFile(key), name: name ?? nameOfFile(key) };
}

/** "keys/acme.pub.pem" is the key of "acme". */
function nameOfFile(path: string): string {
  return basename(path).replace(/(?<=.)(\.pub)?\.[^.]+$/, "");
}

function split(argument: string): [string | undefined, string] {
  const equals = argument.indexOf("=");
  const named = equals > 0 && equals < argument.length - 1;
  return named ? [argument.slice(0, equals), argument.slice(equals + 1)] : [undefined, argument];
}

async function readKeyFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_KEY_FILE_BYTES) throw new Error("it is too large to be one");
    return (await readFile(path, "utf8")).trim();
  } catch (cause) {
    const message = `the key '${path}' cannot be read: ${systemReason(cause)}`;
    throw new CliError("InputUnreadable", message, undefined, { cause });
  }
}
