import { AndonError } from "./errors.js";

/** An Ed25519 public key that the caller trusts. */
export interface TrustedKey {
  /** 32 raw bytes, their base64, or a PEM of SubjectPublicKeyInfo (RFC 8410). */
  key: Uint8Array | string;
  /** Shown as the signer. */
  name?: string;
}

export interface TrustOptions {
  /** Naming keys makes the policy strict: unsigned files and unknown signers are refused. */
  trust?: readonly TrustedKey[];
  /** Default: true without `trust`, false with it. */
  allowUnsigned?: boolean;
  /** Default: true without `trust`, false with it. */
  allowUnknownSigner?: boolean;
}

/** What may load, in the form that the core takes. */
export interface Policy {
  keys: { bytes: Uint8Array; name: string }[];
  allowUnsigned: boolean;
  allowUnknownSigner: boolean;
}

export function policyOf(options: TrustOptions): Policy {
  const lenient = options.trust === undefined;
  return {
    keys: (options.trust ?? []).map(({ key, name }) => ({
      bytes: keyBytes(key),
      name: name ?? "",
    })),
    allowUnsigned: options.allowUnsigned ?? lenient,
    allowUnknownSigner: options.allowUnknownSigner ?? lenient,
  };
}

const keySize = 32;
// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 33 bytes, 0 unused bits }: RFC 8410, section 4.
const spkiPrefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const pem = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/;

function keyBytes(key: Uint8Array | string): Uint8Array {
  const armoured = typeof key === "string" ? pem.exec(key)?.[1] : undefined;
  if (armoured !== undefined) return spkiKey(base64(armoured.replace(/\s+/g, "")));
  const bytes = typeof key === "string" ? base64(key) : Uint8Array.from(key);
  if (bytes.length !== keySize) throw malformed(`has ${bytes.length} bytes, not ${keySize}`);
  return bytes;
}

function spkiKey(der: Uint8Array): Uint8Array {
  const known =
    der.length === spkiPrefix.length + keySize && spkiPrefix.every((byte, i) => der[i] === byte);
  if (!known) throw malformed("is a PEM of another kind of key");
  return der.subarray(spkiPrefix.length);
}

function base64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw malformed("is not base64", cause);
  }
}

function malformed(how: string, cause?: unknown): AndonError {
  return new AndonError("KeyMalformed", `a trusted key ${how}`, { cause });
}
