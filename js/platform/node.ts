import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import { availableParallelism } from "node:os";
import { expertFolder } from "./expert-folder.js";
import { openFile } from "./file-source.js";
import { modelFolders } from "./model-folder.js";
import { trustFile } from "./trust-file.js";
import type { Platform, Port, WasmName } from "./platform.js";

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

export const platform: Platform = {
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
  workerByDefault: false,
  compile: async (name) => WebAssembly.compile(await readFile(files[name])),
  openPath: openFile,
  processors: availableParallelism(),
  noThreads: undefined,
  modelFolders,
  newHasher: () => createHash("sha256"),
  trustStorage: trustFile,
  expertStorage: expertFolder,
  workerScope,
};
