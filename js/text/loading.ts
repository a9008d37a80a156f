// The files of a language model on their way into the core, in the worker.

import { AndonError } from "../errors.js";
import { openSource, sourceError, type Source } from "../source.js";
import type { CoreText } from "./core-text.js";
import type { CoreLoading } from "./core-text-loading.js";
import type { CoreTextModel } from "./core-text-model.js";
import { FileHashing } from "./file-hashing.js";
import type { LoadTerms, WorkerSource } from "./protocol.js";
import { sized } from "./sized-source.js";

/** After so long the page is told how far it is. */
const readMs = 50;

interface OpenFile {
  source: Source;
  loaded: number;
}

export class Loading {
  readonly #loading: CoreLoading;
  #hashing: FileHashing | undefined;
  #open: OpenFile | undefined;

  constructor(core: CoreText, terms: LoadTerms) {
    this.#loading = core.loading(terms);
  }

  /** Errors: those of the core. */
  begin({ name, size }: { name: string; size: number }): void {
    this.#hashing = new FileHashing(this.#loading.needsSha256);
    this.#loading.begin(name, size, this.#hashing.here);
  }

  /** Errors: SourceUnreadable, and those of the core. */
  async open(file: { name: string; source: WorkerSource }): Promise<{ size: number }> {
    const never = new AbortController().signal; // an abort ends the worker
    const source = await reading(openSource(file.source, never).then(sized));
    const { size } = source;
    this.begin({ name: file.name, size });
    this.#open = { source, loaded: 0 };
    return { size };
  }

  async push(bytes: Uint8Array): Promise<void> {
    await this.#hashing?.update(bytes);
    this.#loading.push(bytes);
  }

  async read(): Promise<{ loaded: number; done: boolean }> {
    const open = this.#open;
    if (open === undefined) throw new AndonError("Internal", "worker: no file is open");
    const until = performance.now() + readMs;
    do {
      const piece = await reading(open.source.next());
      if (piece === undefined) {
        await reading(open.source.close());
        return { loaded: open.loaded, done: true };
      }
      await this.push(piece);
      open.loaded += piece.length;
    } while (performance.now() < until);
    return { loaded: open.loaded, done: false };
  }

  async end(): Promise<void> {
    this.#open = undefined;
    const digests = await this.#hashing?.digests();
    this.#loading.end(digests ?? { pieces: undefined, sha256: undefined });
  }

  finish(): CoreTextModel {
    return this.#loading.finish();
  }
}

async function reading<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (thrown) {
    throw sourceError(thrown, undefined);
  }
}
