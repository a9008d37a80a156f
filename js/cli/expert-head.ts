// What the first bytes of an expert tell without opening it: its version, and the name by which a
// revocation list calls the file.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { unreadable } from "./input.js";

// Where the parts lie: docs/BINARY_FORMAT_SPEC.md.
export const MAGIC = Buffer.from("HLLMEXP\0");
const FILE_SHA256 = 0x14;
const SHA256_BYTES = 32;

/** Version 2 names itself; whatever else it is, it is not that. Throws InputUnreadable. */
export async function isVersion2(path: string): Promise<boolean> {
  return (await readStart(path)).subarray(0, MAGIC.length).equals(MAGIC);
}

/** FILE_SHA256 of version 2; of other files the SHA-256 of all of it. In hexadecimal. Throws InputUnreadable. */
export async function fileDigest(path: string): Promise<string> {
  const start = await readStart(path);
  const stated = start.subarray(FILE_SHA256, FILE_SHA256 + SHA256_BYTES);
  const isStated = start.subarray(0, MAGIC.length).equals(MAGIC) && stated.length === SHA256_BYTES;
  return isStated ? stated.toString("hex") : hashOf(path);
}

async function readStart(path: string): Promise<Buffer> {
  const start = Buffer.alloc(FILE_SHA256 + SHA256_BYTES);
  try {
    const file = await open(path);
    try {
      const { bytesRead } = await file.read(start, 0, start.length, 0);
      return start.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return hash.digest("hex");
}
