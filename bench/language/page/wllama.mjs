import { Wllama } from "@wllama/wllama";
import wasm from "@wllama/wllama/esm/wasm/wllama.wasm?url";
import { letters } from "../letters.mjs";

const silent = () => undefined;

export async function load(file, { threads, context }) {
  const wllama = new Wllama(
    { default: wasm },
    { logger: { debug: silent, log: silent, warn: silent, error: silent } },
  );
  await wllama.loadModel([file], {
    n_threads: threads,
    n_ctx: context,
    n_batch: 512,
    n_ubatch: 512,
    n_gpu_layers: 0,
    n_parallel: 1,
    seed: 1,
  });
  return {
    build: `${wllama.getNumThreads()} threads`,
    complete: async ({ prompt, tokens }) => {
      const answer = await wllama.createCompletion({
        prompt: letters(prompt),
        max_tokens: tokens,
        temperature: 0,
        ignore_eos: true,
        cache_prompt: false,
      });
      const { prompt_ms: promptMs, predicted_ms: decodeMs, predicted_n: count } = answer.timings;
      return { prompt: promptMs, decode: decodeMs, tokens: count };
    },
  };
}
