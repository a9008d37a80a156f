// Random models of every architecture and weight type, run by llama.cpp and by the built package with float32
// activations: both have to choose the same tokens. llama.cpp rounds activations to eight bits before quantised
// weights; there it may choose another token where two are nearly as probable.
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
/** Types whose products llama.cpp computes with activations as they are. */
const exactTypes = ["f32", "f16", "bf16"];
/** The widest gap that rounding explains: logits of these models spread over about +-5. */
const nearlyEqual = 0.1;
/** Tokens that would end an answer. */
const banned = { [shape.vocabulary - 1]: -Infinity, [shape.vocabulary - 3]: -Infinity };
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
    answers.push({ prompt: [...model.tokenize(prompt)], text: prompt, answer });
  }
  await model.dispose();
  return answers;
}

/**
 * At each step of the answer that llama.cpp gave, after the same text: whether we choose the same token, and where not,
 * by how much less probable theirs is to us, in logarithms.
 */
async function ourGaps(path, answers) {
  const model = await open(path, { kind: "language-model", precision: "exact", threads: 1 });
  const gaps = [];
  for (const { prompt, text, answer } of answers) {
    if (String(await model.encode(text)) !== String(prompt))
      throw new Error(`${path}: other tokens for ${JSON.stringify(text)}`);
    const session = await model.session({ context: shape.context, cacheType: "f32" });
    let added = prompt;
    let length = 0;
    for (const theirs of answer) {
      const gap = await gapOf(session, added, theirs);
      if (!(theirs in banned)) gaps.push(gap);
      length += added.length;
      await session.truncate(length);
      added = [theirs];
    }
    session.dispose();
  }
  model.dispose();
  return gaps;
}

/** 0 where both choose the same, Infinity where theirs is not among our most probable. */
async function gapOf(session, added, theirs) {
  const options = { maxTokens: 1, temperature: 0, alternatives: 20, logitBias: banned };
  for await (const part of session.generate(Uint32Array.from(added), options)) {
    if (part.type !== "token") continue;
    const alternative = part.alternatives.find(({ id }) => id === theirs);
    return part.logProbability - (alternative?.logProbability ?? -Infinity);
  }
  throw new Error("no token");
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
  const gaps = await ourGaps(path, await llamaTokens(llama, path));
  const others = gaps.filter((gap) => gap > 0);
  const widest = Math.max(0, ...others);
  const bound = exactTypes.includes(model.type) ? 0 : nearlyEqual;
  if (widest > bound) differing++;
  const verdict = widest > bound ? "DIFFERENT" : "ok";
  console.log(
    `${verdict}  ${model.name}  ${gaps.length - others.length} of ${gaps.length} the same, widest gap ${widest.toFixed(3)}`,
  );
}
console.log(`${chosen.length - differing} of ${chosen.length} models agree with llama.cpp`);
process.exit(differing === 0 ? 0 : 1);
