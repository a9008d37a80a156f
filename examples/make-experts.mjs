// Makes the experts of this folder from experts/: node examples/make-experts.mjs, after npm run
// build. The result is the same every time: SHA256SUMS says which.
//
//   root ── vouches for ──> publisher (a CA) ── vouches for ──> signer ── signs ──> sql.expert

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { issueRevocationList, packExpert } from "../dist/index.js";
import { chainFor, key, seconds } from "./keys.mjs";
import { peftFolder } from "./peft.mjs";

const here = (name) => new URL(name, import.meta.url);
const text = (name) => readFileSync(here(`experts/${name}`));
const sums = [];

function write(name, content) {
  sums.push(`${createHash("sha256").update(content).digest("hex")}  ${name}\n`);
  writeFileSync(here(name), content);
}

const root = key("the root");
const publisher = key("the publisher");
const signer = key("the signer");
const former = key("the signer of last year");
const lost = key("the signer whose key was lost");

const [begin, end] = [seconds("2025-01-01"), seconds("2045-01-01")];
/** The chain of a signer; the root itself is in no file. */
const authority = { name: "Andon examples", key: publisher, root, scope: "expert-example-*" };
const chain = (name, subject, validity = [begin, end]) =>
  chainFor(name, subject, authority, validity);

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

const signed = { signingKey: signer.seed, chain: await chain("Signer of examples", signer) };
write("sql.expert", await pack(sql, signed));
write(
  "sql-older.expert",
  await pack(sqlSmall, { ...signed, metadata: { version: "1.0.0", release_counter: 1 } }),
);
write(
  "expired.expert",
  await pack(sqlSmall, {
    signingKey: former.seed,
    chain: await chain("Signer of last year", former, [begin, seconds("2026-01-01")]),
  }),
);
write(
  "revoked.expert",
  await pack(sqlSmall, {
    signingKey: lost.seed,
    chain: await chain("Signer whose key was lost", lost),
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
