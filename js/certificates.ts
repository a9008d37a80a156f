// Certificates, revocation lists and key rotations: docs/BINARY_FORMAT_SPEC.md has their bytes.

import * as core from "./core-trust.js";
import { AndonError } from "./errors.js";
import { publicKeyBytes, requireSeed, type PublicKey } from "./keys.js";
import { localCore } from "./start.js";
import { unixSeconds, type Time } from "./time.js";
import { requireBytes } from "./values.js";

/** A root is issued by itself; CAs issue certificates; signers sign experts. */
export type CertificateRole = "root" | "ca" | "signer";

export interface CertificateRequest {
  role: CertificateRole;
  /** Of the subject, for people. 1 to 128 bytes of UTF-8. */
  name: string;
  /** The names of experts that it covers, `*` for any text: `expert-acme-*`. */
  scope: string;
  /** The key that the certificate is for. */
  subject: PublicKey;
  /** The first and the last second at which it holds. A number counts Unix seconds. */
  notBefore: Time;
  notAfter: Time;
  /** CAs that may follow below this one. Default: 0. */
  maxPath?: number;
  /** 16 bytes, or 32 hexadecimal digits. Default: random. */
  serial?: Uint8Array | string;
}

/** What a certificate says. Whether to trust it, only `open` decides. */
export interface CertificateDescription {
  role: CertificateRole;
  name: string;
  scope: string;
  /** Hexadecimal. */
  serial: string;
  /** Keys in base64. */
  issuer: string;
  subject: string;
  /** Unix seconds. */
  notBefore: number;
  notAfter: number;
  maxPath: number;
  /** Whether its issuer's key signed it. */
  signatureHolds: boolean;
}

export type RevocationKind = "serial" | "key" | "file";
export type RevocationReason =
  "unspecified" | "key-compromise" | "superseded" | "withdrawn" | "malicious";

export interface RevocationEntry {
  kind: RevocationKind;
  /**
   * A key; the serial of a certificate that the list's issuer issued; or the SHA-256 that the head of
   * a file states: bytes, or hexadecimal digits (a key: base64 or PEM).
   */
  id: Uint8Array | string;
  /** Default: `unspecified`. */
  reason?: RevocationReason;
  /** Default: when the list was issued. */
  revokedFrom?: Time;
}

export interface RevocationListRequest {
  /** Above that of every list before. */
  number: number;
  /** Default: now. */
  issued?: Time;
  /** At most 7 days after `issued`, which is the default. */
  expires?: Time;
  entries: readonly RevocationEntry[];
}

export interface RevocationListDescription {
  number: number;
  /** Unix seconds. */
  issued: number;
  expires: number;
  /** Base64. */
  issuer: string;
  /** Keys in base64; serials and hashes in hexadecimal; times in Unix seconds. */
  entries: { kind: RevocationKind; id: string; reason: RevocationReason; revokedFrom: number }[];
}

/** From `since` on, the key `to` speaks where `from` did. */
export interface KeyRotationDescription {
  /** Base64. */
  from: string;
  to: string;
  /** Unix seconds. */
  since: number;
}

const weekSeconds = 7 * 24 * 3600;

/**
 * Certifies a key. `issuerSeed`: the 32-byte seed of the issuer's Ed25519 key (RFC 8032).
 *
 * @returns the certificate, 420 bytes; a chain is such certificates one after another, leaf first
 * @throws AndonError `CertificateMalformed`, `KeyMalformed`, `InvalidArgument`
 */
export async function issueCertificate(
  request: CertificateRequest,
  issuerSeed: Uint8Array,
): Promise<Uint8Array> {
  requireSeed(issuerSeed, "the issuer's seed");
  const { maxPath = 0, serial = crypto.getRandomValues(new Uint8Array(16)) } = request;
  if (!Number.isInteger(maxPath) || maxPath < 0 || maxPath > 255) {
    throw new AndonError("InvalidArgument", "maxPath: not a whole number from 0 to 255");
  }
  const fields = {
    role: request.role,
    name: request.name,
    scope: request.scope,
    serial: rawBytes(serial, 16, "serial"),
    subject: publicKeyBytes(request.subject, "the subject"),
    maxPath,
    notBefore: unixSeconds(request.notBefore, "notBefore"),
    notAfter: unixSeconds(request.notAfter, "notAfter"),
  };
  return core.issueCertificate(await localCore(), fields, issuerSeed);
}

/**
 * Reads a chain of certificates, leaf first.
 *
 * @throws AndonError `ChainLength`, `CertificateMalformed`, `InvalidArgument`
 */
export async function readCertificates(bytes: Uint8Array): Promise<CertificateDescription[]> {
  return (await read("readCertificates", bytes)) as CertificateDescription[];
}

/**
 * Revokes what the issuer once vouched for.
 *
 * @throws AndonError `RevocationListMalformed`, `KeyMalformed`, `InvalidArgument`
 */
export async function issueRevocationList(
  request: RevocationListRequest,
  issuerSeed: Uint8Array,
): Promise<Uint8Array> {
  requireSeed(issuerSeed, "the issuer's seed");
  const { number } = request;
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new AndonError("InvalidArgument", "number: not a whole number");
  }
  const issued = unixSeconds(request.issued ?? new Date(), "issued");
  const expires = unixSeconds(request.expires ?? issued + weekSeconds, "expires");
  const entries = request.entries.map(({ kind, id, reason = "unspecified", revokedFrom }) => ({
    kind,
    reason,
    id: revokedId(kind, id),
    revokedFrom: unixSeconds(revokedFrom ?? issued, "revokedFrom"),
  }));
  return core.issueRevocationList(
    await localCore(),
    { number, issued, expires, entries },
    issuerSeed,
  );
}

/**
 * Reads a revocation list and checks its signature.
 *
 * @throws AndonError `RevocationListMalformed`, `RevocationListSignature`, `InvalidArgument`
 */
export async function readRevocationList(bytes: Uint8Array): Promise<RevocationListDescription> {
  return (await read("readRevocationList", bytes)) as RevocationListDescription;
}

/**
 * States, signed with both keys, that from `since` on the second speaks where the first did.
 *
 * @returns the statement, 208 bytes, for `TrustStore.rotate`
 * @throws AndonError `RotationMalformed`, `KeyMalformed`, `InvalidArgument`
 */
export async function rotateKey(
  fromSeed: Uint8Array,
  toSeed: Uint8Array,
  since: Time = new Date(),
): Promise<Uint8Array> {
  requireSeed(fromSeed, "the seed of the old key");
  requireSeed(toSeed, "the seed of the new key");
  return core.rotateKey(await localCore(), fromSeed, toSeed, unixSeconds(since, "since"));
}

/**
 * Reads a statement of key rotation and checks both signatures.
 *
 * @throws AndonError `RotationMalformed`, `RotationSignature`, `InvalidArgument`
 */
export async function readKeyRotation(bytes: Uint8Array): Promise<KeyRotationDescription> {
  return (await read("readKeyRotation", bytes)) as KeyRotationDescription;
}

type ReadName = Parameters<typeof core.readDocument>[1];

async function read(name: ReadName, bytes: Uint8Array): Promise<unknown> {
  requireBytes(name, bytes);
  return core.readDocument(await localCore(), name, bytes);
}

function revokedId(kind: RevocationKind, id: Uint8Array | string): Uint8Array {
  if (kind === "key") return publicKeyBytes(id, "a revoked key");
  return rawBytes(id, kind === "serial" ? 16 : 32, `id of a ${kind}`);
}

/** Errors: InvalidArgument. */
function rawBytes(value: Uint8Array | string, size: number, what: string): Uint8Array {
  const bytes = typeof value === "string" ? hexBytes(value) : Uint8Array.from(value);
  if (bytes?.length === size) return bytes;
  throw new AndonError("InvalidArgument", `${what}: not ${size} bytes or their hexadecimal digits`);
}

function hexBytes(text: string): Uint8Array | undefined {
  if (!/^([0-9a-f]{2})*$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}
