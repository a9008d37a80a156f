// A thread of a language model in Node.js, in the form that the glue knows: a page's Worker.

import { Worker } from "node:worker_threads";

export class NodeThread {
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onerror: ((reason: unknown) => void) | undefined;
  readonly #worker: Worker;

  constructor(glue: URL) {
    const script = new URL("./node-thread-script.js", import.meta.url);
    this.#worker = new Worker(script, { workerData: glue.href, execArgv: [] });
    this.#worker.on("message", (data) => this.onmessage?.({ data }));
    this.#worker.on("error", (reason) => this.onerror?.(reason));
    this.#worker.unref(); // it lives as long as the worker that started it
  }

  postMessage(message: unknown): void {
    this.#worker.postMessage(message);
  }

  terminate(): void {
    void this.#worker.terminate();
  }
}
