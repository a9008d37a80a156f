// Open files as the core reads and writes them while it makes an expert: by ranges, at once.

import { fstatSync, readSync, writeSync } from "node:fs";
import type { ReadableFile, WritableFile } from "../expert-pack.js";

/** Fills `to`, or throws. */
function readFully(descriptor: number, offset: number, to: Uint8Array): void {
  for (let done = 0; done < to.length;) {
    const count = readSync(descriptor, to, done, to.length - done, offset + done);
    if (count === 0) throw new Error("the file ends before its size");
    done += count;
  }
}

function writeFully(descriptor: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, offset + done);
  }
}

/** A file that stays open as long as it is read. */
export function readableFile(descriptor: number): ReadableFile {
  return {
    size: fstatSync(descriptor).size,
    read: (offset, to) => {
      readFully(descriptor, offset, to);
    },
  };
}

/** A new file, opened for reading and writing; whoever opened it puts it in its place. */
export function writableFile(descriptor: number): WritableFile {
  let size = 0;
  return {
    append: (bytes) => {
      writeFully(descriptor, bytes, size);
      size += bytes.length;
    },
    read: (offset, to) => {
      readFully(descriptor, offset, to);
    },
    replace: (offset, bytes) => {
      writeFully(descriptor, bytes, offset);
    },
  };
}
