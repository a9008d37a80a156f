// The private key that signs: PKCS #8 in PEM, as `openssl genpkey -algorithm ed25519` makes it, with
// or without a passphrase.

import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CliError, UsageError } from "./errors.js";
import { readWhole } from "./input.js";
import type { Terminal } from "./terminal.js";

const PASSPHRASE_VARIABLE = "ANDON_PASSPHRASE";

export interface SigningKey {
  /** 32 bytes. */
  seed: Uint8Array;
  /** Base64 of the public key, as verdicts name it. */
  publicKey: string;
}

/** Throws InputUnreadable, KeyMalformed; UsageError where a passphrase is needed and nobody can be asked. */
export async function readSigningKey(path: string, terminal: Terminal): Promise<SigningKey> {
  const pem = Buffer.from(await readWhole(path)).toString("latin1");
  const encrypted = pem.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----");
  const key = parse(path, pem, encrypted ? await passphrase(path, terminal) : undefined);
  const { d } = key.export({ format: "jwk" });
  const { x } = createPublicKey(key).export({ format: "jwk" });
  if (key.asymmetricKeyType !== "ed25519" || d === undefined || x === undefined) {
    throw malformed(
      path,
      `it is a key for ${key.asymmetricKeyType ?? "something else"}, not Ed25519`,
    );
  }
  return {
    seed: Buffer.from(d, "base64url"),
    publicKey: Buffer.from(x, "base64url").toString("base64"),
  };
}

function parse(path: string, pem: string, secret: string | undefined): KeyObject {
  try {
    return createPrivateKey(secret === undefined ? pem : { key: pem, passphrase: secret });
  } catch (cause) {
    const reason =
      secret === undefined ? "it is not a private key in PEM" : "the passphrase does not open it";
    throw malformed(path, reason, cause);
  }
}

async function passphrase(path: string, terminal: Terminal): Promise<string> {
  const set = terminal.env[PASSPHRASE_VARIABLE];
  if (set !== undefined) return set;
  if (terminal.stdin.isTTY === true && terminal.stderr.isTTY === true) return ask(path, terminal);
  throw new UsageError(
    `pack: the key '${path}' has a passphrase; set ${PASSPHRASE_VARIABLE}, or run this in a terminal`,
    "pack",
  );
}

/** Asks without showing what is typed. */
async function ask(path: string, { stdin, stderr }: Terminal): Promise<string> {
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  stderr.write(`Passphrase of ${path}: `);
  const lines = createInterface({ input: stdin, output: silent, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    stderr.write("\n");
  }
}

function malformed(path: string, reason: string, cause?: unknown): CliError {
  const message = `the signing key '${path}' cannot be used: ${reason}`;
  return new CliError("KeyMalformed", message, undefined, { cause });
}
