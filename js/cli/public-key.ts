// Public keys on the command line: "[NAME=]KEY", where KEY is base64, or a file with a key or with the
// certificate of one.

import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { readCertificates } from "../index.js";
import { CliError, systemReason } from "./errors.js";

export interface NamedKey {
  /** PEM or base64; whether it is a key, the core judges. */
  key: string;
  name?: string;
  /** Of a certificate: the experts that it covers. */
  scope?: string;
}

/** No key is longer than this; a larger file was named by mistake. */
const MAX_KEY_FILE_BYTES = 64 * 1024;
/** 32 bytes in base64. */
const RAW_KEY = /^[A-Za-z0-9+/]{43}=$/;
// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }: RFC 8410, section 4.
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const CERTIFICATE_BYTES = 420;
const KEY_BYTES = 32;

/** A key from a file is called after its file, one from a certificate as that says. Throws InputUnreadable, CertificateMalformed. */
export async function namedKey(argument: string): Promise<NamedKey> {
  const [name, key] = splitName(argument);
  if (RAW_KEY.test(key)) return name === undefined ? { key } : { key, name };
  const bytes = await readKeyFile(key);
  if (bytes.length > 0 && bytes.length % CERTIFICATE_BYTES === 0) {
    const certified = await certifiedKey(key, bytes);
    return name === undefined ? certified : { ...certified, name };
  }
  const text =
    bytes.length === KEY_BYTES ? bytes.toString("base64") : bytes.toString("utf8").trim();
  return { key: text, name: name ?? nameOfFile(key) };
}

/** The 32 bytes of a key. */
export function base64Of({ key }: NamedKey): string {
  if (RAW_KEY.test(key)) return key;
  const der = Buffer.from(key.replaceAll(/-----[A-Z ]+-----/g, ""), "base64");
  return der.subarray(SPKI_PREFIX.length).toString("base64");
}

/** 32 bytes as PEM. */
export function publicPem(key: Uint8Array): string {
  const base64 = Buffer.concat([SPKI_PREFIX, key]).toString("base64");
  return `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`;
}

/** Of several certificates nobody can say which one is meant. */
async function certifiedKey(path: string, bytes: Uint8Array): Promise<NamedKey> {
  const [certificate, ...more] = await readCertificates(bytes);
  if (certificate?.signatureHolds && more.length === 0) {
    const { subject, name, scope } = certificate;
    return { key: subject, name, scope };
  }
  const why = more.length > 0 ? `has ${more.length + 1} certificates, not one` : "is not signed";
  throw new CliError("CertificateMalformed", `'${path}' ${why}`);
}

/** "keys/acme.pub.pem" is the key of "acme". */
function nameOfFile(path: string): string {
  return basename(path).replace(/(?<=.)(\.pub)?\.[^.]+$/, "");
}

function splitName(argument: string): [string | undefined, string] {
  const equals = argument.indexOf("=");
  const named = equals > 0 && equals < argument.length - 1;
  return named ? [argument.slice(0, equals), argument.slice(equals + 1)] : [undefined, argument];
}

async function readKeyFile(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_KEY_FILE_BYTES) throw new Error("it is too large to be one");
    return await readFile(path);
  } catch (cause) {
    const message = `the key '${path}' cannot be read: ${systemReason(cause)}`;
    throw new CliError("InputUnreadable", message, undefined, { cause });
  }
}
