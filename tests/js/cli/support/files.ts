// Models and keys as files.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { pack, type PackDescription } from "andon";

export interface KeyPair {
  privateKey: KeyObject;
  publicPem: string;
  /** As verdicts name it. */
  base64: string;
  seed: Uint8Array;
}

export function keyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = (key: KeyObject, member: "d" | "x"): Buffer =>
    Buffer.from(key.export({ format: "jwk" })[member] ?? "", "base64url");
  return {
    privateKey,
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    base64: raw(publicKey, "x").toString("base64"),
    seed: raw(privateKey, "d"),
  };
}

export async function writeModel(
  path: string,
  description: PackDescription,
  signingKey?: Uint8Array,
): Promise<void> {
  await writeFile(path, await pack(description, signingKey === undefined ? {} : { signingKey }));
}

/** The same package with one bit of its weights turned. */
export async function writeTampered(path: string, description: PackDescription): Promise<void> {
  const bytes = Buffer.from(await pack(description));
  const name = bytes.indexOf("weights.safetensors");
  const data = bytes.indexOf("}}", name) + 8;
  bytes.writeUInt8(bytes.readUInt8(data) ^ 1, data);
  await writeFile(path, bytes);
}
