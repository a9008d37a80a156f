#!/usr/bin/env node
// Writes the annotated bytes of a small signed expert into docs/BINARY_FORMAT_SPEC.md. The package makes the file;
// a reader of a few lines, written after the specification alone, checks and explains it.
//   usage: scripts/spec-example.mjs [--check]     --check: fail where the page is out of date

import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { issueCertificate, open, packExpert } from "../dist/index.js";
import { dumpExpert } from "./lib/expert-dump.mjs";

const page = fileURLToPath(new URL("../docs/BINARY_FORMAT_SPEC.md", import.meta.url));
const begin = "<!-- made by scripts/spec-example.mjs -->\n";
const end = "<!-- end -->\n";

const rootSeed = new Uint8Array(32).fill(1);
const signerSeed = new Uint8Array(32).fill(2);

function publicKeyOf(seed) {
  const head = Buffer.from("302e020100300506032b657004220420", "hex"); // RFC 8410
  const key = createPrivateKey({ key: Buffer.concat([head, seed]), format: "der", type: "pkcs8" });
  return createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
}

/** A safetensors file of F32 tensors. */
function safetensors(tensors) {
  const header = {};
  let at = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + 4 * values.length] };
    at += 4 * values.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const data = Object.values(tensors).map(({ values }) =>
    Buffer.from(Float32Array.from(values).buffer),
  );
  return Buffer.concat([length, text, ...data]);
}

async function example() {
  const prefix = "base_model.model.model.layers.0.self_attn.q_proj";
  const files = {
    "adapter_config.json": Buffer.from(
      JSON.stringify({
        peft_type: "LORA",
        base_model_name_or_path: "tiny",
        r: 1,
        lora_alpha: 2,
        target_modules: ["q_proj"],
      }),
    ),
    "adapter_model.safetensors": safetensors({
      [`${prefix}.lora_A.weight`]: { shape: [1, 4], values: [1, 0.5, -0.25, 2] },
      [`${prefix}.lora_B.weight`]: { shape: [2, 1], values: [-1, 3] },
    }),
    LICENSE: Buffer.from("Apache-2.0\n"),
  };
  const chain = await issueCertificate(
    {
      role: "signer",
      name: "Acme signing 2026",
      scope: "expert-acme-*",
      subject: publicKeyOf(signerSeed),
      notBefore: new Date("2026-01-01"),
      notAfter: new Date("2027-01-01"),
      serial: "000102030405060708090a0b0c0d0e0f",
    },
    rootSeed,
  );
  const { bytes } = await packExpert(files, {
    codec: "none",
    signingKey: signerSeed,
    chain,
    metadata: { name: "expert-acme-tiny", version: "1.0.0", release_counter: 1 },
  });
  return bytes;
}

const bytes = await example();
const { manifest } = await open(bytes, {
  kind: "expert",
  trust: [{ key: publicKeyOf(rootSeed), name: "Acme" }],
  now: new Date("2026-06-01"),
});
const old = readFileSync(page, "utf8");
const [before, rest] = old.split(begin);
const after = rest.slice(rest.indexOf(end));
const hex = `\`\`\`\n${dumpExpert(Buffer.from(bytes)).join("\n")}\n\`\`\`\n`;
const json = `\`\`\`json\n${JSON.stringify(manifest, undefined, 2)}\n\`\`\`\n`;
const updated = `${before}${begin}\n${bytes.length} bytes:\n\n${hex}\nIts metadata:\n\n${json}\n${after}`;
if (updated !== old && process.argv.includes("--check")) {
  console.error(`${page} is out of date: run scripts/spec-example.mjs`);
  process.exit(1);
}
writeFileSync(page, updated);
