// Ed25519 keys as callers write them.

import { AndonError } from "./errors.js";
import { isBytes } from "./values.js";

const keySize = 32;
// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 33 bytes, 0 unused bits }: RFC 8410, section 4.
const spkiPrefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const pem = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/;

/** 32 raw bytes, their base64, or a PEM of SubjectPublicKeyInfo (RFC 8410). */
export type PublicKey = Uint8Array | string;

/** The raw bytes. Errors: KeyMalformed. */
export function publicKeyBytes(key: PublicKey, what = "a trusted key"): Uint8Array {
  const armoured = typeof key === "string" ? pem.exec(key)?.[1] : undefined;
  if (armoured !== undefined) return spkiKey(base64(armoured.replace(/\s+/g, ""), what), what);
  const bytes = typeof key === "string" ? base64(key, what) : bytesOf(key, what);
  if (bytes.length !== keySize) throw malformed(what, `has ${bytes.length} bytes, not ${keySize}`);
  return bytes;
}

/** Errors: KeyMalformed. */
export function requireSeed(seed: Uint8Array, what: string): void {
  const { length } = bytesOf(seed, what);
  if (length !== keySize) throw malformed(what, `has ${length} bytes, not ${keySize}`);
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Nothing where the text is not base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function bytesOf(key: Uint8Array, what: string): Uint8Array {
  if (!isBytes(key)) throw malformed(what, "is not a Uint8Array");
  return Uint8Array.from(key);
}

function spkiKey(der: Uint8Array, what: string): Uint8Array {
  const known =
    der.length === spkiPrefix.length + keySize && spkiPrefix.every((byte, i) => der[i] === byte);
  if (!known) throw malformed(what, "is a PEM of another kind of key");
  return der.subarray(spkiPrefix.length);
}

function base64(text: string, what: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw malformed(what, "is not base64");
  return bytes;
}

function malformed(what: string, how: string): AndonError {
  return new AndonError("KeyMalformed", `${what} ${how}`);
}
