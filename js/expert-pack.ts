// Making experts: of a PEFT folder, of a package of the other version, with another signature.

import type { ExpertJob, OsdJob, ReadableFile, WritableFile } from "./core-packing.js";
import { AndonError } from "./errors.js";
import type { SectionType } from "./expert-description.js";
import { requireSeed } from "./keys.js";
import type { Progress } from "./open.js";
import { localWriter } from "./start.js";
import { unixSeconds, type Time } from "./time.js";
import { isBytes, jsonOf, requireBytes } from "./values.js";

export type { ReadableFile, WritableFile };

export interface ExpertSigningOptions {
  /** Signs: the 32-byte seed of an Ed25519 key (RFC 8032). */
  signingKey?: Uint8Array;
  /**
   * Certificates, leaf first, the leaf for this key. Default: one that the key issues to itself for
   * this expert's name, valid for ten years.
   */
  chain?: Uint8Array;
  /** From when a self-issued certificate holds. A number counts Unix seconds. Default: now. */
  now?: Time;
  /** Where the package goes, instead of into `bytes`. */
  output?: WritableFile;
  signal?: AbortSignal;
  /** Bytes of content; what it throws ends the work and is passed on. */
  onProgress?: (progress: Progress) => void;
}

export interface ExpertPackOptions extends ExpertSigningOptions {
  /** Default: 2; of `convertExpert`, the one that the package does not have: name it. */
  version?: 1 | 2;
  /** Of zstd, 1 to 19. Default: 9. */
  compressionLevel?: number;
  /** Default: `auto`, byte shuffle and zstd wherever they make a section smaller. */
  codec?: "auto" | "zstd" | "none";
  /** Members of the metadata that replace what the folder says; null takes one away. */
  metadata?: Readonly<Record<string, unknown>>;
  /** Convert the adapter's values. Default: as they are. */
  dtype?: "F32" | "F16" | "BF16";
}

/** What was made. */
export interface ExpertPackReport {
  format: "expert";
  formatVersion: "1.0" | "2.0";
  name: string;
  version: string;
  releaseCounter: number;
  /** Of content, and of the file. */
  rawBytes: number;
  storedBytes: number;
  /** Of the whole file, hexadecimal. */
  sha256: string;
  signed: boolean;
  /** The source was signed, the result is not. */
  signatureDropped: boolean;
  /** Of version 2. */
  sections?: {
    id: number;
    type: SectionType;
    name: string;
    codec: string;
    layer: number | null;
    storedLength: number;
    rawLength: number;
  }[];
  /** Of version 1. */
  files?: { path: string; bytes: number }[];
}

export interface PackedExpert {
  /** The package; empty where it went to `output`. */
  bytes: Uint8Array;
  report: ExpertPackReport;
}

export type ExpertFile = Uint8Array | ReadableFile;

/**
 * Makes an expert of the files of a PEFT folder, by their paths in it. Works in Node.js, pages and
 * workers, in this thread. Memory of version 2 is one layer's, where files are read by ranges.
 *
 * @throws AndonError `PeftConfig`, `PeftUnsupported`, `PeftTensorName`, `PeftTensorMissing`,
 *   `PeftShape`, `ExpertMetadataField`, `KeyMalformed`, `InvalidArgument`, and every error that
 *   opening the result would give; what the files and `onProgress` throw
 */
export async function packExpert(
  files: Readonly<Record<string, ExpertFile>>,
  options: ExpertPackOptions = {},
): Promise<PackedExpert> {
  return make("pack", new Map(Object.entries(files)), options, options.version ?? 2);
}

/**
 * The same expert in the other version. From 1 to 2 and back every byte of every file is kept. A
 * signature is checked, and dropped unless `signingKey` makes a new one; the report says so.
 *
 * @throws AndonError as `packExpert`; `InvalidArgument` where the package has that version already
 */
export async function convertExpert(
  expert: ExpertFile,
  options: ExpertPackOptions = {},
): Promise<PackedExpert> {
  return make("convert", new Map([["", expert]]), options, options.version ?? 2);
}

/**
 * The same expert with another signature. Content is taken over as it is, after its hashes and the
 * signature it had were checked.
 *
 * @throws AndonError `KeyMalformed`, `ChainBroken`, `ScopeMismatch`, `SignatureInvalid`, and every
 *   error that opening the package would give
 */
export async function signExpert(
  expert: ExpertFile,
  options: ExpertSigningOptions & { signingKey: Uint8Array },
): Promise<PackedExpert> {
  requireSeed(options.signingKey, "the signing key");
  return make("sign", new Map([["", expert]]), options, 2);
}

/** What all of them do. @internal */
export async function make(
  verb: ExpertJob["verb"],
  files: ReadonlyMap<string, ExpertFile>,
  options: ExpertPackOptions,
  version: number,
  osd?: OsdJob,
): Promise<PackedExpert> {
  const { codec = "auto", compressionLevel = 9, metadata, signal, onProgress } = options;
  const memory = new MemoryFile();
  const job: ExpertJob = {
    verb,
    files: new Map([...files].map(([path, file]) => [path, readable(path, file)])),
    output: options.output ?? memory,
    version,
    metadata: metadata === undefined ? "" : jsonOf("metadata", metadata),
    level: compressionLevel,
    zstd: codec !== "none",
    shuffle: codec === "auto",
    dtype: options.dtype,
    signing: signingOf(options),
    osd,
    progress: (loaded, total) => {
      signal?.throwIfAborted();
      onProgress?.({ loaded, total });
      signal?.throwIfAborted();
    },
  };
  signal?.throwIfAborted();
  const writer = await localWriter();
  const report = writer.makeExpert(job) as ExpertPackReport;
  return { bytes: memory.take(), report };
}

function signingOf(options: ExpertSigningOptions): ExpertJob["signing"] {
  const { signingKey, chain = new Uint8Array(), now = new Date() } = options;
  if (signingKey === undefined) return undefined;
  requireSeed(signingKey, "the signing key");
  requireBytes("chain", chain);
  return { seed: signingKey, chain, now: unixSeconds(now, "now") };
}

function readable(path: string, file: ExpertFile): ReadableFile {
  if (isBytes(file)) return bytesFile(file);
  const asked = file as Partial<ReadableFile> | null | undefined;
  if (typeof asked?.size === "number" && typeof asked.read === "function") return file;
  throw new AndonError("InvalidArgument", `'${path}': neither a Uint8Array nor a ReadableFile`);
}

function bytesFile(bytes: Uint8Array): ReadableFile {
  return {
    size: bytes.length,
    read: (offset, to) => {
      to.set(bytes.subarray(offset, offset + to.length));
    },
  };
}

/** Grows by doubling. */
class MemoryFile implements WritableFile {
  #bytes = new Uint8Array(0);
  #size = 0;

  append(bytes: Uint8Array): void {
    const size = this.#size + bytes.length;
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#size);
    this.#size = size;
  }

  read(offset: number, to: Uint8Array): void {
    to.set(this.#bytes.subarray(offset, offset + to.length));
  }

  replace(offset: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, offset);
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }
}
