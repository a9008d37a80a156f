// Private keys: PKCS #8 in PEM with or without a passphrase, as `andon keygen` and openssl make them,
// and the 32 raw bytes that signed experts of version 1.

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { encryptedPem } from "./encrypted-key.js";
import { CliError } from "./errors.js";
import { readWhole } from "./input.js";
import { passphraseOf } from "./passphrase.js";
import type { Terminal } from "./terminal.js";

export interface PrivateKey {
  /** 32 bytes. */
  seed: Uint8Array;
  /** Base64 of the public key, as verdicts name it. */
  publicKey: string;
}

const SEED_BYTES = 32;
// SEQUENCE { 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING of 32 } }: RFC 8410, section 7.
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** Throws InputUnreadable, KeyMalformed; UsageError where a passphrase is needed and nobody can be asked. */
export async function readPrivateKey(
  path: string,
  terminal: Terminal,
  verb: string,
): Promise<PrivateKey> {
  const bytes = await readWhole(path);
  if (bytes.length === SEED_BYTES) return fromSeed(bytes);
  const pem = Buffer.from(bytes).toString("latin1");
  const encrypted = pem.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----");
  const key = parse(path, pem, encrypted ? await passphraseOf(path, terminal, verb) : undefined);
  const { d } = key.export({ format: "jwk" });
  if (key.asymmetricKeyType !== "ed25519" || d === undefined) {
    const kind = key.asymmetricKeyType ?? "something else";
    throw malformed(path, `it is a key for ${kind}, not Ed25519`);
  }
  return { seed: Buffer.from(d, "base64url"), publicKey: base64Of(createPublicKey(key)) };
}

function fromSeed(seed: Uint8Array): PrivateKey {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return { seed, publicKey: base64Of(createPublicKey(key)) };
}

function parse(path: string, pem: string, secret: string | undefined): KeyObject {
  try {
    return createPrivateKey(secret === undefined ? pem : { key: pem, passphrase: secret });
  } catch (cause) {
    const reason =
      secret === undefined
        ? "it is neither a private key in PEM nor 32 raw bytes"
        : "the passphrase does not open it";
    throw malformed(path, reason, cause);
  }
}

function malformed(path: string, reason: string, cause?: unknown): CliError {
  const message = `the private key '${path}' cannot be used: ${reason}`;
  return new CliError("KeyMalformed", message, undefined, { cause });
}

export interface NewKey {
  privatePem: string;
  publicPem: string;
  publicKey: string;
}

/** A fresh key; encrypted where there is a passphrase. */
export function makeKey(passphrase: string | undefined): NewKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privatePem:
      passphrase === undefined
        ? String(privateKey.export({ type: "pkcs8", format: "pem" }))
        : encryptedPem(privateKey, passphrase),
    publicPem: String(publicKey.export({ type: "spki", format: "pem" })),
    publicKey: base64Of(publicKey),
  };
}

function base64Of(publicKey: KeyObject): string {
  return Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url").toString("base64");
}
