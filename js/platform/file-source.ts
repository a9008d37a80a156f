// Files of the file system.

import { open, type FileHandle } from "node:fs/promises";
import { AndonError } from "../errors.js";
import { rangedSource, type Ranges } from "../ranged-source.js";
import type { Source } from "../source.js";
import { StreamSource } from "../stream-source.js";

const pieceBytes = 1 << 20;

/** A pipe or device, which tells no size, is read as a stream. */
export async function openFile(path: string | URL): Promise<Source> {
  const file = await open(path);
  try {
    const stamp = await stampOf(file);
    return stamp.size > 0n ? rangedSource(new FileRanges(file, stamp)) : streamOf(file);
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

interface Stamp {
  size: bigint;
  changed: bigint; // nanoseconds
}

async function stampOf(file: FileHandle): Promise<Stamp> {
  const stats = await file.stat({ bigint: true });
  return { size: stats.isFile() ? stats.size : 0n, changed: stats.mtimeNs };
}

class FileRanges implements Ranges {
  readonly size: number;
  readonly #file: FileHandle;
  readonly #stamp: Stamp;

  constructor(file: FileHandle, stamp: Stamp) {
    this.size = Number(stamp.size);
    this.#file = file;
    this.#stamp = stamp;
  }

  async readAt(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let position = 0; position < length;) {
      const rest = length - position;
      const { bytesRead } = await this.#file.read(bytes, position, rest, offset + position);
      if (bytesRead === 0) break; // cut off meanwhile
      position += bytesRead;
    }
    const { size, changed } = await stampOf(this.#file);
    if (size === this.#stamp.size && changed === this.#stamp.changed) return bytes;
    throw new AndonError("SourceChanged", "source: the file changed while it was read");
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function streamOf(file: FileHandle): Source {
  const piece = Buffer.allocUnsafeSlow(pieceBytes);
  return new StreamSource({
    size: undefined,
    read: async () => {
      const { bytesRead } = await file.read(piece, 0, pieceBytes);
      return bytesRead === 0 ? undefined : piece.subarray(0, bytesRead);
    },
    close: () => file.close(),
  });
}
