import { TrustedWorker } from "./trusted-worker.js";
import type { StartThread } from "./platform.js";

/** By this name the glue knows that it is in a thread. */
const name = "em-pthread";

export const startThread: StartThread = (simd) => {
  const Worker = TrustedWorker;
  const { worker } =
    simd === "relaxed"
      ? new Worker(new URL("../wasm/andon-text-relaxed-threads.mjs", import.meta.url), {
          type: "module",
          name,
        })
      : new Worker(new URL("../wasm/andon-text-threads.mjs", import.meta.url), {
          type: "module",
          name,
        });
  return worker;
};
