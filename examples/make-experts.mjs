// Makes the experts of this folder from experts/: node examples/make-experts.mjs, after npm run
// build. The result is the same every time: SHA256SUMS says which.
//
//   root ── vouches for ──> publisher (a CA) ── vouches for ──> signer ── signs ──> sql.expert
//
// All keys come from sentences that everybody can read here: they prove nothing about anybody.

import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { issueCertificate, issueRevocationList, packExpert } from "../dist/index.js";
import { peftFolder } from "./peft.mjs";

const here = (name) => new URL(name, import.meta.url);
const text = (name) => readFileSync(here(`experts/${name}`));
const sums = [];
const seconds = (day) => Date.parse(`${day}T00:00:00Z`) / 1000;

function write(name, content) {
  sums.push(`${createHash("sha256").update(content).digest("hex")}  ${name}\n`);
  writeFileSync(here(name), content);
}

/** An Ed25519 key whose seed is the SHA-256 of a sentence. */
function key(sentence) {
  const seed = createHash("sha256").update(`Andon example: ${sentence}`).digest();
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex"); // PKCS #8, RFC 8410
  const der = Buffer.concat([prefix, seed]);
  const spki = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  const raw = spki.export({ format: "der", type: "spki" }).subarray(-32);
  return { seed: new Uint8Array(seed), raw: new Uint8Array(raw), spki };
}

const root = key("the root");
const publisher = key("the publisher");
const signer = key("the signer");
const former = key("the signer of last year");
const lost = key("the signer whose key was lost");

const [begin, end] = [seconds("2025-01-01"), seconds("2045-01-01")];
const scope = "expert-example-*";
const serial = (name) => new Uint8Array(createHash("md5").update(name).digest());

/** The chain of a signer, leaf first; the root itself is in no file. */
async function chainFor(name, subject, [notBefore, notAfter] = [begin, end]) {
  const ca = { role: "ca", name: "Andon examples", subject: publisher.raw, maxPath: 0 };
  const leaf = { role: "signer", name, subject: subject.raw, notBefore, notAfter };
  const certificates = [
    await issueCertificate({ ...leaf, scope, serial: serial(name) }, publisher.seed),
    await issueCertificate(
      { ...ca, scope, notBefore: begin, notAfter: end, serial: serial(ca.name) },
      root.seed,
    ),
  ];
  return new Uint8Array(Buffer.concat(certificates));
}

async function pack(files, options) {
  const { bytes } = await packExpert(files, { compressionLevel: 19, ...options });
  return bytes;
}

const allModules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
const small = { layers: 4, modules: ["q_proj", "v_proj"], rank: 2 };
const texts = {
  "grammar.gbnf": text("grammar.gbnf"),
  "README.md": text("README.md"),
  LICENSE: text("LICENSE"),
};
const sql = {
  ...peftFolder({ kind: "lora", layers: 8, modules: allModules, rank: 4 }),
  ...texts,
  "expert.json": text("sql.json"),
  "metrics.json": text("metrics.json"),
  "router.json": text("router.json"),
  "tests/cases.json": text("tests/cases.json"),
};
const sqlSmall = { ...peftFolder({ kind: "lora", ...small }), "expert.json": text("sql.json") };

const signed = { signingKey: signer.seed, chain: await chainFor("Signer of examples", signer) };
write("sql.expert", await pack(sql, signed));
write(
  "sql-older.expert",
  await pack(sqlSmall, { ...signed, metadata: { version: "1.0.0", release_counter: 1 } }),
);
write(
  "expired.expert",
  await pack(sqlSmall, {
    signingKey: former.seed,
    chain: await chainFor("Signer of last year", former, [begin, seconds("2026-01-01")]),
  }),
);
write(
  "revoked.expert",
  await pack(sqlSmall, {
    signingKey: lost.seed,
    chain: await chainFor("Signer whose key was lost", lost),
  }),
);
write(
  "revoked.crl",
  await issueRevocationList(
    {
      number: 1,
      issued: seconds("2026-03-01"),
      expires: seconds("2026-03-08"),
      entries: [{ kind: "key", id: lost.raw, reason: "key-compromise" }],
    },
    root.seed,
  ),
);
write(
  "unsigned.expert",
  await pack({
    ...peftFolder({ kind: "dora", ...small }),
    "expert.json": text("verse.json"),
  }),
);
const v1 = { ...peftFolder({ kind: "lora", ...small }), ...texts, "expert.json": text("sql.json") };
write("sql-v1.expert", await pack(v1, { version: 1, signingKey: signer.seed, now: begin }));
write("example-root.pub.pem", root.spki.export({ format: "pem", type: "spki" }));
writeFileSync(here("SHA256SUMS"), sums.join(""));
