// What the readers of CSV and JSON share: bytes come in chunks, whole records go out, and what is held
// in between is one record.

import { CliError } from "./errors.js";

/** A longer record is a quote or bracket that was never closed. 65,536 features fit in a tenth. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

const NOTHING = new Uint8Array(0);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

export abstract class Scanner {
  /** The first line of the current record, counted from 1. */
  line = 1;
  protected bytes: Uint8Array = NOTHING;
  /** The first byte after the current record. */
  protected position = 0;
  /** The line of `position`. */
  protected nextLine = 1;
  protected ended = false;
  #started = false;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  feed(chunk: Uint8Array): void {
    const rest = this.bytes.subarray(this.position);
    if (rest.length > MAX_RECORD_BYTES) {
      throw this.malformed(`a record is longer than ${MAX_RECORD_BYTES / 1024 ** 2} MiB`);
    }
    this.bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    this.position = 0;
  }

  /** No more chunks will come. */
  end(): void {
    this.ended = true;
  }

  /** Moves to the next record. False when it has not arrived yet, or when there is none. */
  next(): boolean {
    if (!this.#started) {
      if (this.bytes.length < BYTE_ORDER_MARK.length && !this.ended) return false;
      this.#started = true;
      if (BYTE_ORDER_MARK.every((byte, i) => this.bytes[i] === byte)) this.position = 3;
    }
    return this.scan();
  }

  protected abstract scan(): boolean;

  protected decode(start: number, end: number): string {
    try {
      return this.#decoder.decode(this.bytes.subarray(start, end));
    } catch {
      throw this.malformed("the text is not UTF-8");
    }
  }

  protected malformed(what: string, line = this.nextLine): CliError {
    return new CliError("InputMalformed", `line ${line}: ${what}`, { line });
  }
}

/** Calls `take` for every record; after each chunk comes what `drain` makes of those taken. */
export async function* scanChunks<T>(
  chunks: AsyncIterable<Uint8Array>,
  scanner: Scanner,
  take: () => void,
  drain: () => T[],
): AsyncGenerator<T[]> {
  for await (const chunk of chunks) {
    scanner.feed(chunk);
    while (scanner.next()) take();
    yield drain();
  }
  scanner.end();
  while (scanner.next()) take();
  yield drain();
}
