import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parentPort, Worker } from "node:worker_threads";
import { availableParallelism } from "node:os";
import { openFile } from "./file-source.js";
import { modelFolders } from "./model-folder.js";
import { NodeThread } from "./node-thread.js";
import { trustFile } from "./trust-file.js";
import type { Platform, Port, WasmName, WorkerPort } from "./platform.js";

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

function workerScope(): Port {
  if (parentPort === null) throw new Error("this module runs in a worker only");
  const port = parentPort;
  return {
    post: (message, transfer) => {
      port.postMessage(message, transfer);
    },
    onMessage: (listener) => {
      port.on("message", listener);
    },
  };
}

// Spelled out, as bundlers look for them.
const files: Record<WasmName, URL> = {
  andon: new URL("../wasm/andon.wasm", import.meta.url),
  "andon-pack": new URL("../wasm/andon-pack.wasm", import.meta.url),
  "andon-text": new URL("../wasm/andon-text.wasm", import.meta.url),
  "andon-text-relaxed": new URL("../wasm/andon-text-relaxed.wasm", import.meta.url),
  "andon-text-threads": new URL("../wasm/andon-text-threads.wasm", import.meta.url),
  "andon-text-relaxed-threads": new URL("../wasm/andon-text-relaxed-threads.wasm", import.meta.url),
};

const glues = {
  plain: new URL("../wasm/andon-text-threads.mjs", import.meta.url),
  relaxed: new URL("../wasm/andon-text-relaxed-threads.mjs", import.meta.url),
};

export const platform: Platform = {
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
  workerByDefault: false,
  compile: async (name) => WebAssembly.compile(await readFile(files[name])),
  openPath: openFile,
  startWorker: () => portOf(new Worker(new URL("../worker.js", import.meta.url), flags)),
  startTextWorker: () => portOf(new Worker(new URL("../text/worker.js", import.meta.url), flags)),
  startThread: (simd) => new NodeThread(glues[simd]),
  processors: availableParallelism(),
  noThreads: undefined,
  modelFolders,
  newHasher: () => createHash("sha256"),
  trustStorage: trustFile,
  workerScope,
};
