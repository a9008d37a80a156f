import { TrustedWorker } from "./trusted-worker.js";
import type { WorkerPort, Workers } from "./platform.js";
import { portOf } from "./web-port.js";

function workerPort(worker: Worker): WorkerPort {
  return {
    ...portOf(worker),
    onFailure: (listener) => {
      worker.addEventListener("error", (event) => {
        listener(new Error(event.message));
      });
    },
    keepAlive: () => undefined,
    terminate: () => {
      worker.terminate();
    },
  };
}

function startWorker(): WorkerPort {
  const Worker = TrustedWorker;
  return workerPort(
    new Worker(new URL("../worker.js", import.meta.url), { type: "module" }).worker,
  );
}

function startTextWorker(): WorkerPort {
  const Worker = TrustedWorker;
  return workerPort(
    new Worker(new URL("../text/worker.js", import.meta.url), { type: "module" }).worker,
  );
}

export const workers: Workers = { startWorker, startTextWorker };
