// What an expert tells without being opened: its version, and the name by which a revocation list
// calls the file.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { CliError } from "./errors.js";
import { unreadable } from "./input.js";

// Where the parts lie: docs/BINARY_FORMAT_SPEC.md.
const MAGIC = Buffer.from("HLLMEXP\0");
const FILE_SHA256 = 0x14;
export const SIGNATURE = 0x34;
export const FIXED_BYTES = 0x74;

/** Version 2 names itself; whatever else it is, it is not that. Throws InputUnreadable. */
export async function isVersion2(path: string): Promise<boolean> {
  return startsVersion2(await readStart(path));
}

export function startsVersion2(start: Buffer): boolean {
  return start.subarray(0, MAGIC.length).equals(MAGIC);
}

/**
 * FILE_SHA256 of version 2, which is over the file without it and the signature; of other files the
 * SHA-256 of all of it. In hexadecimal. Throws InputUnreadable, ExpertFileHash.
 */
export async function fileDigest(path: string): Promise<string> {
  const start = await readStart(path);
  if (!startsVersion2(start)) return hashOf(path, start);
  const stated = start.toString("hex", FILE_SHA256, SIGNATURE);
  const digest = await hashOf(path, start.fill(0, FILE_SHA256));
  if (digest === stated) return digest;
  // To revoke what the header states could revoke another file.
  throw new CliError("ExpertFileHash", `'${path}' has not the SHA-256 that its header states`);
}

async function readStart(path: string): Promise<Buffer> {
  const start = Buffer.alloc(FIXED_BYTES);
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

/** Of the file with `start` in place of its first bytes. */
async function hashOf(path: string, start: Buffer): Promise<string> {
  const hash = createHash("sha256").update(start);
  try {
    const rest = createReadStream(path, { start: start.length });
    for await (const chunk of rest) hash.update(chunk as Uint8Array);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return hash.digest("hex");
}
