// Sources that come once and in order: streams, responses, iterables.

import { AndonError } from "./errors.js";
import { asBytes, type Source } from "./source.js";
import { isBytes } from "./values.js";

/** Errors of `read` are the source's own. */
export interface Pieces {
  readonly size: number | undefined;
  /** The next piece, valid until the next call; `undefined` at the end. */
  read(): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** Keeps what has come, as it may be asked for again; reads no further than it is asked to. */
export class StreamSource implements Source {
  readonly size: number | undefined;
  readonly exact = false;
  readonly #pieces: Pieces;
  readonly #kept: Uint8Array[] = [];
  readonly #starts: number[] = []; // of the kept pieces
  #arrived = 0;
  #ended = false;
  #pulling: Promise<void> | undefined;

  constructor(pieces: Pieces) {
    this.size = pieces.size;
    this.#pieces = pieces;
  }

  async readAt(offset: number, length: number): Promise<Uint8Array> {
    while (this.#arrived < offset + length && !this.#ended) {
      this.#pulling ??= this.#pull().finally(() => (this.#pulling = undefined));
      await this.#pulling;
    }
    return this.#copy(offset, Math.min(offset + length, this.#arrived));
  }

  /** What was kept is passed on first, and no longer kept. */
  async next(): Promise<Uint8Array | undefined> {
    return this.#kept.shift() ?? this.#pieces.read();
  }

  close(): Promise<void> {
    return this.#pieces.close();
  }

  async #pull(): Promise<void> {
    const piece = await this.#pieces.read();
    if (piece === undefined) {
      this.#ended = true;
    } else if (piece.length > 0) {
      this.#starts.push(this.#arrived);
      this.#kept.push(new Uint8Array(piece)); // the piece itself may be used for the next one
      this.#arrived += piece.length;
    }
  }

  #copy(offset: number, end: number): Uint8Array {
    if (end <= offset) return new Uint8Array();
    const bytes = new Uint8Array(end - offset);
    for (let i = this.#pieceAt(offset); i < this.#kept.length; i++) {
      const start = this.#starts[i] ?? end;
      if (start >= end) break;
      const piece = this.#kept[i]?.subarray(Math.max(0, offset - start), end - start);
      if (piece !== undefined) bytes.set(piece, Math.max(0, start - offset));
    }
    return bytes;
  }

  /** The last piece that starts at `offset` or before. */
  #pieceAt(offset: number): number {
    let low = 0;
    for (let high = this.#starts.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

export function responsePieces(response: Response): Pieces {
  const from = response.url === "" ? "the response" : response.url;
  if (!response.ok) throw new Error(`${from} answered with status ${response.status}`);
  if (response.bodyUsed) throw new Error(`the body of ${from} was already read`);
  // The length of an encoded body is not the length of what it decodes to.
  const length = response.headers.has("content-encoding")
    ? null
    : response.headers.get("content-length");
  return response.body === null
    ? iterablePieces([])
    : streamPieces(response.body, length === null ? undefined : Number(length));
}

export function streamPieces(stream: ReadableStream<Uint8Array>, size?: number): Pieces {
  const reader = stream.getReader();
  return {
    size: size !== undefined && Number.isSafeInteger(size) ? size : undefined,
    read: async () => {
      const { value } = await reader.read();
      return value === undefined ? undefined : bytesOf(value);
    },
    close: () => reader.cancel(),
  };
}

export function iterablePieces(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Pieces {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return {
    size: undefined,
    read: async () => {
      const next = await iterator.next();
      return next.done === true ? undefined : bytesOf(next.value);
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}

function bytesOf(piece: unknown): Uint8Array {
  if (isBytes(piece)) return asBytes(piece);
  throw new AndonError("InvalidArgument", "source: a piece of it is not a Uint8Array");
}
