// Packs and signs what was trained: node training/package.mjs OUT [KIND], after npm run build and export.py. It writes
// examples/assistant: the base, an expert a task, one whose bytes were changed, and one that is revoked with the list
// that says so. The result is the same every time: SHA256SUMS says which.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hashedEmbedding, issueRevocationList, packExpert } from "../dist/index.js";
import { chainFor, key, seconds } from "../examples/keys.mjs";

const [out, kind = "lora"] = process.argv.slice(2);
const target = new URL("../examples/assistant/", import.meta.url);
const own = (name) => readFileSync(new URL(name, import.meta.url));
const sums = [];

function write(name, content) {
  const sum = createHash("sha256").update(content).digest("hex");
  sums.push(`${sum}  ${name}\n`);
  writeFileSync(new URL(name, target), content);
  return sum;
}

const root = key("the root of the assistant");
const publisher = key("the publisher of the assistant");
const signer = key("the signer of the assistant");
const lost = key("the signer of the assistant whose key was lost");
const authority = { name: "Andon assistant", key: publisher, root, scope: "expert-*" };
const validity = [seconds("2025-01-01"), seconds("2045-01-01")];

async function signedBy(name, subject) {
  const chain = await chainFor(name, subject, authority, validity);
  return { signingKey: subject.seed, chain };
}

const metricsOf = (task) => {
  const file = `${out}/${task}-${kind}.Q8_0.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file)) : undefined;
};

/** Vectors of typical questions, for routing. */
function routerOf(task) {
  const vectorOf = (text) => Array.from(hashedEmbedding(text), (value) => Number(value.toFixed(3)));
  const questions = JSON.parse(own("experts/questions.json"))[task];
  return {
    embeddings: questions.map((text) => ({ space: "andon-hash-1", vector: vectorOf(text) })),
  };
}

function filesOf(task, base) {
  const expert = JSON.parse(own(`experts/${task}.json`));
  Object.assign(expert.base_model, base);
  const metrics = metricsOf(task);
  if (metrics !== undefined) expert.quality_metrics = metrics;
  return {
    "adapter_config.json": readFileSync(`${out}/${task}-${kind}/adapter_config.json`),
    "adapter_model.safetensors": readFileSync(`${out}/${task}-${kind}/adapter_model.safetensors`),
    "expert.json": Buffer.from(JSON.stringify(expert)),
    "grammar.gbnf": own(`grammars/${task}.gbnf`),
    "router.json": Buffer.from(JSON.stringify(routerOf(task))),
    "README.md": own(`experts/${task}.md`),
    LICENSE: own("LICENSE"),
    ...(metrics && { "metrics.json": Buffer.from(JSON.stringify(metrics)) }),
  };
}

async function pack(files, options) {
  const { bytes } = await packExpert(files, { compressionLevel: 19, ...options });
  return bytes;
}

const config = JSON.parse(readFileSync(`${out}/base/config.json`));
mkdirSync(target, { recursive: true });
const base = {
  sha256: write("base.gguf", readFileSync(`${out}/base.gguf`)),
  vocabulary_sha256: createHash("sha256")
    .update(readFileSync(`${out}/tokenizer.json`))
    .digest("hex"),
  shapes: {
    layers: config.num_hidden_layers,
    hidden: config.hidden_size,
    intermediate: config.intermediate_size,
    heads: config.num_attention_heads,
    kv_heads: config.num_key_value_heads,
    head_dim: config.head_dim,
    vocabulary: config.vocab_size,
  },
};
const signed = await signedBy("Signer of the assistant", signer);
const packages = {};
for (const task of ["sql", "json", "cypher"]) {
  packages[task] = await pack(filesOf(task, base), signed);
  write(`expert-${task}.expert`, packages[task]);
}

// One bit of one weight.
const tampered = packages.sql.slice();
tampered[Math.floor(tampered.length / 2)] ^= 1;
write("tampered.expert", tampered);

write(
  "revoked.expert",
  await pack(filesOf("sql", base), {
    ...(await signedBy("Signer whose key was lost", lost)),
    metadata: { name: "expert-sql-leaked" },
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
write("assistant-root.pub.pem", root.spki.export({ format: "pem", type: "spki" }));
copyFileSync(new URL("LICENSE", import.meta.url), new URL("LICENSE", target));
writeFileSync(new URL("SHA256SUMS", target), sums.join(""));
