// Where the bytes of a model come from: every kind of source, read piece by piece.

import { platform } from "#platform";
import { AndonError, reasonOf } from "./errors.js";

/**
 * A path (Node.js) or URL, bytes, a `Blob` or `File`, a `Response`, a stream or any iterable of bytes.
 * A string is a URL when it starts with a scheme; otherwise a path in Node.js, a relative URL in a page.
 */
export type ModelSource =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | Response
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

/** Reads a source from its start. Errors of `read` are the source's own; callers wrap them. */
export interface Reader {
  /** Bytes in all, where that is known. `exact`: measured, not claimed by somebody else. */
  readonly size: number | undefined;
  readonly exact: boolean;
  /** The next piece, valid until the next call; `undefined` at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Lets go of the source, also while a read is pending. */
  close(): Promise<void>;
}

const pieceBytes = 1 << 20;
// "C:\models\iris.aprender" is a path: a scheme has two letters or more.
const urlScheme = /^[a-z][a-z0-9+.-]+:/i;

/** Errors: SourceUnreadable, InvalidArgument; what `signal` aborts rejects with its reason. */
export async function openReader(source: ModelSource, signal?: AbortSignal): Promise<Reader> {
  signal?.throwIfAborted();
  if (typeof source === "string") {
    return urlScheme.test(source)
      ? openUrl(new URL(source), signal)
      : platform.openPath(source, (url) => fetchUrl(url, signal));
  }
  if (ArrayBuffer.isView(source)) return bytesReader(asBytes(source));
  switch (tagOf(source)) {
    case "URL":
      return openUrl(source as URL, signal);
    case "ArrayBuffer":
      return bytesReader(new Uint8Array(source as ArrayBuffer));
    case "Blob":
    case "File":
      return blobReader(source as Blob);
    case "Response":
      return responseReader(source as Response);
    case "ReadableStream":
      return streamReader(source as ReadableStream<Uint8Array>, undefined);
  }
  if (isIterable(source)) return iterableReader(source);
  throw new AndonError("InvalidArgument", "source: not a kind of source that can be opened");
}

async function openUrl(url: URL, signal: AbortSignal | undefined): Promise<Reader> {
  return url.protocol === "file:"
    ? platform.openPath(url, (href) => fetchUrl(href, signal))
    : fetchUrl(url, signal);
}

async function fetchUrl(url: string | URL, signal: AbortSignal | undefined): Promise<Reader> {
  return responseReader(await fetch(url, signal === undefined ? {} : { signal }));
}

function responseReader(response: Response): Reader {
  const from = response.url === "" ? "the response" : response.url;
  if (!response.ok) throw new Error(`${from} answered with status ${response.status}`);
  if (response.bodyUsed) throw new Error(`the body of ${from} was already read`);
  // The length of an encoded body is not the length of what it decodes to.
  const length = response.headers.has("content-encoding")
    ? null
    : response.headers.get("content-length");
  return response.body === null
    ? bytesReader(new Uint8Array())
    : streamReader(response.body, length === null ? undefined : Number(length));
}

function bytesReader(bytes: Uint8Array): Reader {
  let position = 0;
  return {
    size: bytes.length,
    exact: true,
    read: () => {
      const piece = bytes.subarray(position, position + pieceBytes);
      position += piece.length;
      return Promise.resolve(piece.length === 0 ? undefined : piece);
    },
    close: () => Promise.resolve(),
  };
}

function blobReader(blob: Blob): Reader {
  let position = 0;
  return {
    size: blob.size,
    exact: true,
    read: async () => {
      const piece = await blob.slice(position, position + pieceBytes).arrayBuffer();
      position += piece.byteLength;
      return piece.byteLength === 0 ? undefined : new Uint8Array(piece);
    },
    close: () => Promise.resolve(),
  };
}

function streamReader(stream: ReadableStream<Uint8Array>, size: number | undefined): Reader {
  const reader = stream.getReader();
  return {
    size: size !== undefined && Number.isSafeInteger(size) ? size : undefined,
    exact: false,
    read: async () => {
      const { value } = await reader.read();
      return value === undefined ? undefined : requireBytes(value);
    },
    close: () => reader.cancel(),
  };
}

function iterableReader(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Reader {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return {
    size: undefined,
    exact: false,
    read: async () => {
      const next = await iterator.next();
      return next.done === true ? undefined : requireBytes(next.value);
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}

function requireBytes(piece: unknown): Uint8Array {
  if (tagOf(piece) === "Uint8Array") return asBytes(piece as Uint8Array);
  throw new AndonError("InvalidArgument", "source: a piece of it is not a Uint8Array");
}

/** Whatever view, as plain bytes of this realm. */
function asBytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** The class by its tag, as `instanceof` fails for objects of another realm, such as a frame. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function isIterable(source: unknown): source is AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof source !== "object" || source === null) return false;
  return Symbol.asyncIterator in source || Symbol.iterator in source;
}

/** `thrown` as what `open` throws for a source: errors of ours and cancellations as they are. */
export function sourceError(thrown: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (thrown instanceof AndonError) return thrown;
  return new AndonError("SourceUnreadable", `source: ${reasonOf(thrown)}`, { cause: thrown });
}
