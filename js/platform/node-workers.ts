import { Worker } from "node:worker_threads";
import type { WorkerPort, Workers } from "./platform.js";

// Not the program's own flags: some, such as --input-type, are no flags for a worker.
const flags = { execArgv: [] };

function portOf(worker: Worker): WorkerPort {
  worker.unref();
  return {
    post: (message, transfer) => {
      worker.postMessage(message, transfer);
    },
    onMessage: (listener) => {
      worker.on("message", listener);
    },
    onFailure: (listener) => {
      worker.on("error", listener);
      worker.on("exit", (code) => {
        listener(new Error(`the worker ended with exit code ${code}`));
      });
    },
    keepAlive: (waiting) => {
      if (waiting) worker.ref();
      else worker.unref();
    },
    terminate: () => {
      void worker.terminate();
    },
  };
}

export const workers: Workers = {
  startWorker: () => portOf(new Worker(new URL("../worker.js", import.meta.url), flags)),
  startTextWorker: () => portOf(new Worker(new URL("../text/worker.js", import.meta.url), flags)),
};
