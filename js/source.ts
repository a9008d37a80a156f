// Where the bytes of a file come from: every kind of source, read by ranges or from its start.

import { platform } from "#platform";
import { AndonError, reasonOf } from "./errors.js";
import { openHttp } from "./http-source.js";
import { blobSource, bytesSource } from "./ranged-source.js";
import { iterablePieces, responsePieces, StreamSource, streamPieces } from "./stream-source.js";
import { tagOf } from "./values.js";

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

/** Errors of the methods are the source's own; callers wrap them (sourceError). */
export interface Source {
  /** Bytes in all, where that is known. `exact`: measured, not claimed by somebody else. */
  readonly size: number | undefined;
  readonly exact: boolean;
  /** These bytes; fewer where the source ends before. Not to be mixed with `next`, but before it. */
  readAt(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Piece by piece from the start, each valid until the next call; `undefined` at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** Lets go of the source, also while a read is pending. */
  close(): Promise<void>;
}

// "C:\models\iris.aprender" is a path: a scheme has two letters or more.
export const urlScheme = /^[a-z][a-z0-9+.-]+:/i;

/** Errors: SourceUnreadable, InvalidArgument; what `signal` aborts rejects with its reason. */
export async function openSource(source: ModelSource, signal: AbortSignal): Promise<Source> {
  signal.throwIfAborted();
  if (typeof source === "string") {
    return urlScheme.test(source)
      ? openUrl(new URL(source), signal)
      : platform.openPath(source, (url) => openHttp(url, signal));
  }
  if (ArrayBuffer.isView(source)) return bytesSource(asBytes(source));
  switch (tagOf(source)) {
    case "URL":
      return openUrl(source as URL, signal);
    case "ArrayBuffer":
      return bytesSource(new Uint8Array(source as ArrayBuffer));
    case "Blob":
    case "File":
      return blobSource(source as Blob);
    case "Response":
      return new StreamSource(responsePieces(source as Response));
    case "ReadableStream":
      return new StreamSource(streamPieces(source as ReadableStream<Uint8Array>));
  }
  if (isIterable(source)) return new StreamSource(iterablePieces(source));
  throw new AndonError("InvalidArgument", "source: not a kind of source that can be opened");
}

async function openUrl(url: URL, signal: AbortSignal): Promise<Source> {
  switch (url.protocol) {
    case "file:":
      return platform.openPath(url, (href) => openHttp(href, signal));
    case "http:":
    case "https:":
      return openHttp(url, signal);
    default: // others have no ranges
      return new StreamSource(responsePieces(await fetch(url, { signal })));
  }
}

/** Whatever view, as plain bytes of this realm. */
export function asBytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function isIterable(source: unknown): source is AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof source !== "object" || source === null) return false;
  return Symbol.asyncIterator in source || Symbol.iterator in source;
}

/** `thrown` as what this package throws for a source: errors of ours and cancellations as they are. */
export function sourceError(thrown: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (thrown instanceof AndonError) return thrown;
  return new AndonError("SourceUnreadable", `source: ${reasonOf(thrown)}`, { cause: thrown });
}
