// Ed25519 keys of known seeds.

import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

export function seedOf(number: number): Uint8Array {
  return new Uint8Array(32).fill(number);
}

export function publicKeyObject(number: number): KeyObject {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const key = Buffer.concat([prefix, seedOf(number)]);
  return createPublicKey(createPrivateKey({ key, format: "der", type: "pkcs8" }));
}

/** Base64. */
export function keyOf(number: number): string {
  const spki = publicKeyObject(number).export({ format: "der", type: "spki" });
  return spki.subarray(-32).toString("base64");
}
