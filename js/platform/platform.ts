import type { ExpertStorage } from "../experts/store.js";
import type { Source } from "../source.js";
import type { TextBuild, TextBuildName } from "../text/description.js";
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

/** The package's WebAssembly modules: what opens and runs, what makes packages, what runs language models. */
export type WasmName = "andon" | "andon-pack" | TextBuildName;

/** SHA-256 of what passes. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** Models of several files. */
export interface ModelFolders {
  /** Whether it is the path of a folder that has weights. */
  isFolder(source: unknown): Promise<boolean>;
  /** By their names: the files of a folder, all parts of a split file, or the file. */
  filesOf(path: string | URL): Promise<Record<string, string>>;
  /** The list of SHA-256 that lies beside them. */
  manifestOf(path: string | URL): Promise<string | undefined>;
}

/** What differs between Node.js and the web. `#platform` is one of node.ts and web.ts. */
export interface Platform {
  /** Whether `open` uses a worker unless told otherwise. */
  readonly workerByDefault: boolean;
  /** A WebAssembly module that lies beside this package's code. @internal */
  compile(name: WasmName): Promise<WebAssembly.Module>;
  /** A path of the file system where there is one; elsewhere `fetchUrl` reads it as a URL. */
  openPath(path: string | URL, fetchUrl: (url: string | URL) => Promise<Source>): Promise<Source>;
  /** Logical processors. */
  readonly processors: number;
  /** Why threads cannot share memory here; `undefined`: they can. */
  readonly noThreads: string | undefined;
  /** Where there is a file system. */
  readonly modelFolders: ModelFolders | undefined;
  /** A file, or a database of the browser. */
  trustStorage(where?: string): TrustStorage;
  /** A folder, or one of the browser's private file system. */
  expertStorage(where?: string): ExpertStorage;
  /** SHA-256 of bytes as they are now, several times faster than the core's; `undefined`: use that. */
  sha256(bytes: Uint8Array): Uint8Array | Promise<Uint8Array> | undefined;
  /** Where the platform hashes piece by piece. */
  readonly newHasher: (() => Hasher) | undefined;
  /** The end inside the worker. */
  workerScope(): Port;
}

/**
 * `#workers`, which only what starts them imports: bundlers follow a worker's script from there, and do not follow it in
 * circles.
 */
export interface Workers {
  startWorker(): WorkerPort;
  /** For a language model. */
  startTextWorker(): WorkerPort;
}

/**
 * `#threads`, inside the worker of a language model: another one, in the form of a page's Worker, which runs the glue of
 * the threaded build.
 */
export type StartThread = (simd: TextBuild["simd"]) => object;
