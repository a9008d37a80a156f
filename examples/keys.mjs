// Keys and certificates of the examples. All keys come from sentences that everybody can read here: they prove nothing
// about anybody.

import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { issueCertificate } from "../dist/index.js";

export const seconds = (day) => Date.parse(`${day}T00:00:00Z`) / 1000;

/** An Ed25519 key whose seed is the SHA-256 of a sentence. */
export function key(sentence) {
  const seed = createHash("sha256").update(`Andon example: ${sentence}`).digest();
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex"); // PKCS #8, RFC 8410
  const der = Buffer.concat([prefix, seed]);
  const spki = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  const raw = spki.export({ format: "der", type: "spki" }).subarray(-32);
  return { seed: new Uint8Array(seed), raw: new Uint8Array(raw), spki };
}

const serial = (name) => new Uint8Array(createHash("md5").update(name).digest());

/**
 * The chain of a signer, leaf first, below a CA that the root vouches for; the root itself is in no file.
 * `authority`: {name, key, root, scope}.
 */
export async function chainFor(name, subject, authority, [notBefore, notAfter]) {
  const { scope } = authority;
  const validity = { notBefore, notAfter };
  const leaf = { role: "signer", name, subject: subject.raw, scope, serial: serial(name) };
  const ca = {
    role: "ca",
    name: authority.name,
    subject: authority.key.raw,
    maxPath: 0,
    scope,
    serial: serial(authority.name),
    notBefore: seconds("2025-01-01"),
    notAfter: seconds("2045-01-01"),
  };
  const certificates = [
    await issueCertificate({ ...leaf, ...validity }, authority.key.seed),
    await issueCertificate(ca, authority.root.seed),
  ];
  return new Uint8Array(Buffer.concat(certificates));
}
