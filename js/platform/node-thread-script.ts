// The script of such a thread: runs the glue where it finds what it expects of a page's worker.

import { parentPort, workerData } from "node:worker_threads";

interface ThreadScope {
  onmessage?: (event: { data: unknown }) => void;
}

const glue = workerData as string;
const scope = globalThis as unknown as ThreadScope;
Object.assign(scope, {
  self: scope,
  name: "em-pthread",
  importScripts: () => undefined,
  location: { href: glue },
  postMessage: (message: unknown) => parentPort?.postMessage(message),
});
await import(glue);
parentPort?.on("message", (data) => scope.onmessage?.({ data }));
