import { NodeThread } from "./node-thread.js";
import type { StartThread } from "./platform.js";

const glues = {
  plain: new URL("../wasm/andon-text-threads.mjs", import.meta.url),
  relaxed: new URL("../wasm/andon-text-relaxed-threads.mjs", import.meta.url),
};

export const startThread: StartThread = (simd) => new NodeThread(glues[simd]);
