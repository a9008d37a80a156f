// The files of a language model on their way into the core, in the worker.

import { AndonError } from "../errors.js";
import { openSource, sourceError, type Source } from "../source.js";
import type { Hasher } from "../platform/platform.js";
import type { CoreText } from "./core-text.js";
import type { CoreLoading } from "./core-text-loading.js";
import type { CoreTextModel } from "./core-text-model.js";
import type { LoadTerms, WorkerSource } from "./protocol.js";
import { sized } from "./sized-source.js";

/** Large enough that reading costs little, small enough to be read while another is packed. */
const pieceBytes = 4 << 20;
/** After so long the page is told how far it is. */
const readMs = 50;

interface OpenFile {
  pieces: AsyncGenerator<Uint8Array, void, undefined>;
  loaded: number;
}

export class Loading {
  readonly #loading: CoreLoading;
  readonly #newHasher: (() => Hasher) | undefined;
  #hasher: Hasher | undefined;
  #open: OpenFile | undefined;

  constructor(core: CoreText, terms: LoadTerms, newHasher: (() => Hasher) | undefined) {
    this.#loading = core.loading(terms);
    this.#newHasher = newHasher;
  }

  /** Errors: those of the core. */
  begin({ name, size }: { name: string; size: number }): void {
    this.#hasher = this.#newHasher?.();
    this.#loading.begin(name, size, this.#hasher !== undefined);
  }

  /** Errors: SourceUnreadable, and those of the core. */
  async open(file: { name: string; source: WorkerSource }): Promise<{ size: number }> {
    const never = new AbortController().signal; // an abort ends the worker
    const source = await reading(openSource(file.source, never).then(sized));
    const { size } = source;
    this.begin({ name: file.name, size });
    this.#open = { pieces: source.exact ? readAhead(source) : inTurn(source), loaded: 0 };
    return { size };
  }

  push(bytes: Uint8Array): void {
    this.#hasher?.update(bytes);
    this.#loading.push(bytes);
  }

  async read(): Promise<{ loaded: number; done: boolean }> {
    if (this.#open === undefined) throw new AndonError("Internal", "worker: no file is open");
    const until = performance.now() + readMs;
    do {
      const { value } = await reading(this.#open.pieces.next());
      if (value === undefined) return { loaded: this.#open.loaded, done: true };
      this.push(value);
      this.#open.loaded += value.length;
    } while (performance.now() < until);
    return { loaded: this.#open.loaded, done: false };
  }

  end(): void {
    this.#open = undefined;
    this.#loading.end(this.#hasher?.digest());
  }

  finish(): CoreTextModel {
    return this.#loading.finish();
  }
}

/** The next piece is read while the one before it is packed. */
async function* readAhead(source: Source): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    let next = source.readAt(0, pieceBytes);
    for (let offset = 0; ;) {
      const piece = await next;
      if (piece.length === 0) return;
      offset += piece.length;
      next = source.readAt(offset, pieceBytes);
      next.catch(() => undefined); // it is thrown when its turn comes
      yield piece;
    }
  } finally {
    await source.close();
  }
}

async function* inTurn(source: Source): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (;;) {
      const piece = await source.next();
      if (piece === undefined) return;
      yield piece;
    }
  } finally {
    await source.close();
  }
}

async function reading<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (thrown) {
    throw sourceError(thrown, undefined);
  }
}
