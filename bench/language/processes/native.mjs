// llama.cpp built for this processor's family: what a program outside the browser gets.

import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import { letters } from "../letters.mjs";
import { answer } from "./answer.mjs";

let model;
let sequence;

async function timed(run) {
  const start = performance.now();
  const result = await run();
  return { result, milliseconds: performance.now() - start };
}

answer({
  load: async ({ path, threads, context }) => {
    const { milliseconds } = await timed(async () => {
      const llama = await getLlama({
        gpu: false,
        build: "never",
        maxThreads: threads,
        logLevel: LlamaLogLevel.error,
      });
      model = await llama.loadModel({ modelPath: path });
      const made = await model.createContext({
        contextSize: context,
        batchSize: 512,
        threads,
        sequences: 1,
      });
      sequence = made.getSequence();
    });
    return { milliseconds, build: `${threads} threads` };
  },
  complete: async ({ prompt, tokens }) => {
    await sequence.clearHistory();
    const text = model.tokenize(letters(prompt));
    const { milliseconds } = await timed(() =>
      sequence.evaluateWithoutGeneratingNewTokens(text.slice(0, -1)),
    );
    let count = 0;
    let first;
    const start = performance.now();
    const evaluation = sequence.evaluate(text.slice(-1), { temperature: 0, yieldEogToken: true });
    while (count < tokens && !(await evaluation.next()).done) {
      first ??= performance.now();
      count++;
    }
    const decode = performance.now() - first;
    return { prompt: milliseconds + first - start, decode, tokens: count };
  },
});
