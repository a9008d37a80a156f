// Measures language models beside wllama in Chromium and llama.cpp outside it, in one run.
//   usage: node bench/language/main.mjs [--json] [--rounds N] [q8_0|q4_0 ...]

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSections } from "../run.mjs";
import { median, ratio } from "../timing.mjs";
import { startInNode } from "./child.mjs";
import { startInChromium, withPage } from "./chromium.mjs";
import { qwenShaped } from "./models.mjs";

const promptTokens = 128;
const decodedTokens = 33; // the first comes with the prompt
const context = 1024;

/** [name, start, threads]; the first of as many threads is what others are compared with. */
const contenders = [1, 2].flatMap((threads) => [
  ["wllama, Chromium", (path) => startInChromium("wllama", path, { threads, context }), threads],
  ["llama.cpp, native", (path) => startInNode("native", path, { threads, context }), threads],
  ["Andon, Chromium", (path) => startInChromium("andon", path, { threads, context }), threads],
  ["Andon, Node.js", (path) => startInNode("andon", path, { threads, context }), threads],
]);

/** Loads once and completes twice in every round; the middle of the rounds counts. */
async function measure([name, start, threads], path, rounds) {
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    const contender = await start(path);
    try {
      const load = await contender.load();
      await contender.complete({ prompt: 16, tokens: 2 }); // warm
      const prompt = await contender.complete({ prompt: promptTokens, tokens: 1 });
      const decode = await contender.complete({ prompt: 8, tokens: decodedTokens });
      runs.push({ load, prompt, decode, peak: await contender.peak() });
    } finally {
      await contender.close();
    }
  }
  const middle = (of) => median(runs.map(of));
  return {
    contender: name,
    threads,
    build: runs[0].load.build,
    "load s": middle(({ load }) => load.milliseconds) / 1000,
    "prompt tokens/s": middle(({ prompt }) => (promptTokens / prompt.prompt) * 1000),
    "prompt tokens/CPU s": middle(({ prompt }) => promptTokens / prompt.cpu),
    "decode tokens/s": middle(({ decode }) => ((decode.tokens - 1) / decode.decode) * 1000),
    "decode tokens/CPU s": middle(({ decode }) => (8 + decode.tokens - 1) / decode.cpu),
    "peak MB": middle(({ peak }) => peak) / 1e6,
  };
}

function withRatios(results) {
  return results.map((row) => {
    const base = results.find(({ threads }) => threads === row.threads);
    return {
      ...row,
      "prompt x wllama": ratio(row["prompt tokens/s"], base["prompt tokens/s"]),
      "decode x wllama": ratio(row["decode tokens/s"], base["decode tokens/s"]),
    };
  });
}

const section =
  (type, title) =>
  async ({ folder, rounds }) => {
    const path = await qwenShaped(type);
    return withPage(folder, async () => {
      const results = [];
      for (const contender of contenders) results.push(await measure(contender, path, rounds));
      return { title, results: withRatios(results) };
    });
  };

const folder = await mkdtemp(join(tmpdir(), "andon-bench-"));
try {
  await runSections(
    {
      q8_0: section("q8_0", "Qwen3-0.6B shapes, Q8_0: prompt of 128, 32 tokens"),
      q4_0: section("q4_0", "Qwen3-0.6B shapes, Q4_0 with a Q6_K head: prompt of 128, 32 tokens"),
    },
    { rounds: 3, folder },
  );
} finally {
  await rm(folder, { recursive: true });
}
process.exit(0);
