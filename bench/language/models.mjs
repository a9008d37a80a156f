// Models in the shapes of Qwen3-0.6B: random weights measure speed, not quality.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeModel } from "../../scripts/lib/random-gguf.mjs";

const shape = {
  layers: 28,
  hidden: 1024,
  intermediate: 3072,
  heads: 16,
  kvHeads: 8,
  headDim: 128,
  vocabulary: 151_936,
  context: 40_960,
};
/** What llama.cpp's quantizer makes of a tied head: Q6_K beside Q4_0. */
const headTypes = { q8_0: "q8_0", q4_0: "q6_K" };
const models = fileURLToPath(new URL("../../build/bench/", import.meta.url));

/** The path of one, made where it is not there. `type`: "q8_0" or "q4_0". */
export async function qwenShaped(type) {
  const path = join(models, `qwen3-0.6b-${type}.gguf`);
  const headType = headTypes[type];
  await makeModel(path, { architecture: "qwen3", type, headType, tied: true, shape });
  return path;
}
