import type { Port } from "./platform.js";

/** What a worker sees as its global scope; TypeScript's library for pages does not have it. */
export interface DedicatedScope extends EventTarget {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

export function portOf(scope: Worker | DedicatedScope): Port {
  return {
    post: (message, transfer) => {
      scope.postMessage(message, [...transfer]);
    },
    onMessage: (listener) => {
      scope.addEventListener("message", (event) => {
        listener((event as MessageEvent<unknown>).data);
      });
    },
  };
}
