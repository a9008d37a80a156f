import { abortable } from "./abort.js";

interface Read {
  done: Promise<void>;
  abort: AbortController;
  waiting: number;
}

/** Reads under way: who wants what is on its way already waits for the same read. */
export class SharedReads {
  readonly #reads = new Map<number, Read>();

  /**
   * Waits until `key` was read, by `start` unless somebody else has begun. The read is aborted when
   * all who wait for it have gone.
   */
  async join(
    key: number,
    start: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const read = this.#reads.get(key) ?? this.#begin(key, start);
    read.waiting++;
    try {
      await abortable(read.done, signal);
    } finally {
      if (--read.waiting === 0) {
        read.abort.abort();
        if (this.#reads.get(key) === read) this.#reads.delete(key);
      }
    }
  }

  /** Ends all of them. */
  abort(reason: unknown): void {
    for (const { abort } of this.#reads.values()) abort.abort(reason);
    this.#reads.clear();
  }

  #begin(key: number, start: (signal: AbortSignal) => Promise<void>): Read {
    const abort = new AbortController();
    const done = abortable(start(abort.signal), abort.signal);
    const read = { done, abort, waiting: 0 };
    this.#reads.set(key, read);
    const forget = (): void => {
      if (this.#reads.get(key) === read) this.#reads.delete(key);
    };
    done.then(forget, forget);
    return read;
  }
}
