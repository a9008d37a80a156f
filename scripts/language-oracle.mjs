// Random models of every architecture and weight type, run by llama.cpp and by the built package with float32
// activations: both have to choose the same tokens.
//   usage: node scripts/language-oracle.mjs [NAME...]      NAME: part of the name of a model, such as qwen3-q4_0
// Needs bench/node_modules (scripts/bench installs it).

import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { open } from "../dist/index.js";
import { makeModel, weightTypes } from "./lib/random-gguf.mjs";

const bench = createRequire(new URL("../bench/package.json", import.meta.url));
const { getLlama, LlamaLogLevel } = await import(
  pathToFileURL(bench.resolve("node-llama-cpp")).href
);
const folder = fileURLToPath(new URL("../build/oracle/", import.meta.url));

const shape = {
  layers: 3,
  hidden: 256,
  intermediate: 512,
  heads: 4,
  kvHeads: 2,
  headDim: 64,
  vocabulary: 512,
  context: 512,
};
const tokens = 24;
const prompts = [" a b c", " the quick brown fox", "\n\n  12345 é日本", " z".repeat(70)];

const ropes = {
  linear: { scaling: "linear", factor: 4 },
  yarn: { scaling: "yarn", factor: 4, original: 128 },
  factors: { factors: true },
};

/** Every type with each architecture; then each kind of scaled positions, and heads of their own. */
const models = [
  ...Object.keys({ qwen3: 0, qwen2: 0, llama: 0 }).flatMap((architecture) =>
    weightTypes.map((type) => ({
      architecture,
      type,
      headType: type,
      tied: architecture === "qwen2",
    })),
  ),
  ...Object.entries(ropes).map(([name, rope]) => ({
    ...{ architecture: "llama", type: "q8_0", headType: "q6_K", tied: false, rope, name },
  })),
  { architecture: "qwen3", type: "q4_0", headType: "q6_K", tied: true, name: "mixed" },
].map((model) => {
  const { architecture, type, name } = model;
  return { ...model, shape, name: [architecture, type, name].filter(Boolean).join("-") };
});

async function llamaTokens(llama, path) {
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({
    contextSize: shape.context,
    batchSize: shape.context,
    threads: 1,
    flashAttention: false,
    experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32",
  });
  const sequence = context.getSequence();
  const answers = [];
  for (const prompt of prompts) {
    await sequence.clearHistory();
    const answer = [];
    const evaluation = sequence.evaluate(model.tokenize(prompt), {
      temperature: 0,
      yieldEogToken: true,
    });
    for await (const token of evaluation) if (answer.push(token) >= tokens) break;
    answers.push({ prompt: [...model.tokenize(prompt)], answer });
  }
  await model.dispose();
  return answers;
}

async function ourTokens(path) {
  const model = await open(path, { kind: "language-model", precision: "exact", threads: 1 });
  const answers = [];
  for (const prompt of prompts) {
    const answer = [];
    const session = await model.session({ context: shape.context });
    const options = { maxTokens: tokens, temperature: 0, ignoreEnd: true };
    for await (const part of session.generate(prompt, options))
      if (part.type === "token") answer.push(part.id);
    answers.push({ prompt: [...(await model.encode(prompt))], answer });
    session.dispose();
  }
  model.dispose();
  return answers;
}

function common(a, b) {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

const chosen = models.filter(
  ({ name }) =>
    process.argv.length === 2 || process.argv.slice(2).some((part) => name.includes(part)),
);
await mkdir(folder, { recursive: true });
const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
let differing = 0;
for (const model of chosen) {
  const path = join(folder, `${model.name}.gguf`);
  await makeModel(path, model);
  const [theirs, ours] = [await llamaTokens(llama, path), await ourTokens(path)];
  const equal = ours.map(({ prompt, answer }, i) => ({
    prompt: String(prompt) === String(theirs[i].prompt),
    tokens: common(answer, theirs[i].answer),
  }));
  const same = equal.every((each) => each.prompt && each.tokens === tokens);
  if (!same) differing++;
  const counts = equal.map((each) => (each.prompt ? each.tokens : "prompt")).join(" ");
  console.log(`${same ? "same" : "DIFFERENT"}  ${model.name}  ${counts} of ${tokens}`);
}
console.log(`${chosen.length - differing} of ${chosen.length} models give the same tokens`);
process.exit(differing === 0 ? 0 : 1);
