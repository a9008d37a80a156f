import { open, readFile } from "node:fs/promises";
import { parentPort, Worker } from "node:worker_threads";
import type { Reader } from "../source.js";
import type { Platform, Port, WorkerPort } from "./platform.js";

const pieceBytes = 1 << 20;

async function openPath(path: string | URL): Promise<Reader> {
  const file = await open(path);
  const piece = Buffer.allocUnsafeSlow(pieceBytes);
  const { size } = await file.stat();
  return {
    size,
    exact: true,
    read: async () => {
      const { bytesRead } = await file.read(piece, 0, pieceBytes);
      return bytesRead === 0 ? undefined : piece.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

function startWorker(): WorkerPort {
  // Not the program's own flags: some, such as --input-type, are no flags for a worker.
  const worker = new Worker(new URL("../worker.js", import.meta.url), { execArgv: [] });
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

export const platform: Platform = {
  workerByDefault: false,
  compile: async () =>
    WebAssembly.compile(await readFile(new URL("../wasm/andon.wasm", import.meta.url))),
  openPath,
  startWorker,
  workerScope,
};
