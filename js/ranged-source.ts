// Sources that any range can be read from at any time.

import type { Source } from "./source.js";

const pieceBytes = 1 << 20;

/** What a source that knows its size is made of. */
export interface Ranges {
  readonly size: number;
  /** REQUIRES: a range inside `size`. */
  readAt(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

export function rangedSource(ranges: Ranges): Source {
  const { size } = ranges;
  const readAt = (offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> => {
    const end = Math.min(offset + length, size);
    return end <= offset
      ? Promise.resolve(new Uint8Array())
      : ranges.readAt(offset, end - offset, signal);
  };
  let position = 0;
  return {
    size,
    exact: true,
    readAt,
    next: async () => {
      const piece = await readAt(position, pieceBytes);
      position += piece.length;
      return piece.length === 0 ? undefined : piece;
    },
    close: () => ranges.close(),
  };
}

export function bytesSource(bytes: Uint8Array): Source {
  return rangedSource({
    size: bytes.length,
    readAt: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    close: () => Promise.resolve(),
  });
}

export function blobSource(blob: Blob): Source {
  return rangedSource({
    size: blob.size,
    readAt: async (offset, length) =>
      new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
    close: () => Promise.resolve(),
  });
}
