import type { Source } from "../source.js";
import type { TrustStorage } from "../trust-store.js";

/** One end of a channel between a page or program and its worker. */
export interface Port {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Called for each message; set once. */
  onMessage(listener: (message: unknown) => void): void;
}

/** The end that started the worker. */
export interface WorkerPort extends Port {
  /** Called when the worker ends or fails unasked; set once. */
  onFailure(listener: (reason: unknown) => void): void;
  /** Whether a waiting call should keep the program running. */
  keepAlive(waiting: boolean): void;
  terminate(): void;
}

/** The package's WebAssembly modules: what opens and runs, and what makes packages. */
export type WasmName = "andon" | "andon-pack";

/** What differs between Node.js and the web. `#platform` is one of node.ts and web.ts. */
export interface Platform {
  /** Whether `open` uses a worker unless told otherwise. */
  readonly workerByDefault: boolean;
  /** A WebAssembly module that lies beside this package's code. */
  compile(name: WasmName): Promise<WebAssembly.Module>;
  /** A path of the file system where there is one; elsewhere `fetchUrl` reads it as a URL. */
  openPath(path: string | URL, fetchUrl: (url: string | URL) => Promise<Source>): Promise<Source>;
  startWorker(): WorkerPort;
  /** A file, or a database of the browser. */
  trustStorage(where?: string): TrustStorage;
  /** SHA-256 of bytes as they are now, several times faster than the core's; `undefined`: use that. */
  sha256(bytes: Uint8Array): Uint8Array | Promise<Uint8Array> | undefined;
  /** The end inside the worker. */
  workerScope(): Port;
}
