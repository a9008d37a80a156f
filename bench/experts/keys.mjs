// A root and a signer, as a publisher has them. The keys are no secret.

import { createPrivateKey, createPublicKey } from "node:crypto";
import { issueCertificate } from "../../dist/index.js";

const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex"); // RFC 8410, section 7

function keyPair(fill) {
  const seed = new Uint8Array(32).fill(fill);
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Head, seed]),
    format: "der",
    type: "pkcs8",
  });
  const der = createPublicKey(key).export({ format: "der", type: "spki" });
  return { seed, publicKey: new Uint8Array(der.subarray(-32)) };
}

const root = keyPair(1);
const signer = keyPair(2);
const years = { notBefore: new Date("2026-01-01"), notAfter: new Date("2046-01-01") };

const certificate = await issueCertificate(
  { role: "signer", name: "Bench", scope: "expert-*", subject: signer.publicKey, ...years },
  root.seed,
);

export const signing = { signingKey: signer.seed, chain: certificate };
/** The root, which vouches for the signer, and the signer: version 1 knows no roots. */
export const trust = [root, signer].map(({ publicKey }) => ({
  key: Buffer.from(publicKey).toString("base64"),
}));
