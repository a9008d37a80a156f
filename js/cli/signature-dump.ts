// The signature of an expert of version 2 as files, for openssl or whoever else knows Ed25519: what
// was signed, the signature, the key and its certificates. No verdict of ours has a part in them.

import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { CliError, systemReason } from "./errors.js";
import { FIXED_BYTES, SIGNATURE, startsVersion2 } from "./expert-head.js";
import { unreadable } from "./input.js";
import { createNew, unwritable } from "./output.js";
import { publicPem } from "./public-key.js";

// Where the parts lie: docs/BINARY_FORMAT_SPEC.md.
const HEADER_SIZE = 0x0c;
const TOC_COUNT = 0x10;
const SIGNATURE_BYTES = 64;
const TOC_ENTRY_BYTES = 96;
const MAX_HEAD_BYTES = 4 * 1024 * 1024;
const SIGNING_CERT = 10;
const CERTIFICATE_BYTES = 420;
const MAX_CHAIN = 4;
const SUBJECT = 52;
const KEY_BYTES = 32;
const MODE = 0o644;

export const DUMPED = {
  message: "message.bin",
  signature: "signature.bin",
  key: "public.pem",
  certificates: "certificates.bin",
} as const;

/** Throws InputUnreadable, UnknownFormat, SignatureMissing, OutputExists, OutputUnwritable. */
export async function dumpSignature(file: string, folder: string): Promise<void> {
  const { head, certificates } = await readSigned(file);
  const signature = Buffer.from(head.subarray(SIGNATURE, SIGNATURE + SIGNATURE_BYTES));
  head.fill(0, SIGNATURE, SIGNATURE + SIGNATURE_BYTES);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  const message = Buffer.concat([Buffer.from("HLLMEXP-SIG-V1\0"), length, head]);
  const key = certificates.subarray(SUBJECT, SUBJECT + KEY_BYTES);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, systemReason(cause), cause);
  });
  const contents = { message, signature, key: publicPem(key), certificates };
  await createNew(
    (Object.keys(DUMPED) as (keyof typeof DUMPED)[]).map((part) => ({
      path: join(folder, DUMPED[part]),
      data: contents[part],
      mode: MODE,
    })),
  );
}

interface Signed {
  head: Buffer;
  certificates: Buffer;
}

async function readSigned(file: string): Promise<Signed> {
  const handle = await open(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  try {
    const fixed = await readAt(handle, 0, FIXED_BYTES, file);
    if (!startsVersion2(fixed)) {
      throw new CliError("UnknownFormat", `'${file}' is no expert of version 2`);
    }
    const head = await readHead(handle, fixed, file);
    if (fixed.subarray(SIGNATURE, SIGNATURE + SIGNATURE_BYTES).every((byte) => byte === 0)) {
      throw new CliError("SignatureMissing", `'${file}' is not signed`);
    }
    return { head, certificates: await readCertificates(handle, head, file) };
  } finally {
    await handle.close();
  }
}

async function readHead(handle: FileHandle, fixed: Buffer, file: string): Promise<Buffer> {
  const bytes = fixed.readUInt32LE(HEADER_SIZE) + fixed.readUInt32LE(TOC_COUNT) * TOC_ENTRY_BYTES;
  if (bytes >= FIXED_BYTES && bytes <= MAX_HEAD_BYTES) return readAt(handle, 0, bytes, file);
  throw new CliError("ExpertHeaderSize", `'${file}' has a head of ${bytes} bytes`);
}

async function readCertificates(handle: FileHandle, head: Buffer, file: string): Promise<Buffer> {
  for (let at = head.readUInt32LE(HEADER_SIZE); at < head.length; at += TOC_ENTRY_BYTES) {
    if (head.readUInt16LE(at + 4) !== SIGNING_CERT) continue;
    const bytes = Number(head.readBigUInt64LE(at + 16));
    if (bytes < CERTIFICATE_BYTES || bytes > MAX_CHAIN * CERTIFICATE_BYTES) break;
    return readAt(handle, Number(head.readBigUInt64LE(at + 8)), bytes, file);
  }
  throw new CliError("CertificateMalformed", `'${file}' has no certificate of its key`);
}

async function readAt(
  handle: FileHandle,
  offset: number,
  length: number,
  file: string,
): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (bytesRead === length) return buffer;
  throw new CliError("ExpertTruncated", `'${file}' ends within its head or certificates`);
}
