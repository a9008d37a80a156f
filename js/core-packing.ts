// Experts made by the core from files that stay on this side.

import { requireOk } from "./errors.js";
import type { Writer, WriterModule } from "./writer.js";

/** A file that the core reads by ranges, in any order. */
export interface ReadableFile {
  /** In bytes. */
  readonly size: number;
  /** Fills `to` with the bytes from `offset` on, or throws. `to` is not to be kept. */
  read(offset: number, to: Uint8Array): void;
}

/** A file that the core writes from its start, reads back and begins anew. Each call may throw. */
export interface WritableFile {
  /** `bytes` are not to be kept. */
  append(bytes: Uint8Array): void;
  /** Fills `to` with what was appended from `offset` on. `to` is not to be kept. */
  read(offset: number, to: Uint8Array): void;
  /** What was appended from `offset` on becomes `bytes`; they are not to be kept. */
  replace(offset: number, bytes: Uint8Array): void;
}

export interface ExpertJob {
  verb: "pack" | "convert" | "sign" | "osd";
  files: ReadonlyMap<string, ReadableFile>;
  output: WritableFile;
  version: number;
  metadata: string;
  level: number;
  zstd: boolean;
  shuffle: boolean;
  dtype: string | undefined;
  signing: { seed: Uint8Array; chain: Uint8Array; now: number } | undefined;
  osd: OsdJob | undefined;
  /** May throw, to stop. */
  progress: (loaded: number, total: number) => void;
}

/** What the core is asked of an OSD expert: src/osd/osd.h. */
export interface OsdJob {
  rank: number;
  relaxedRank: number;
  sparsity: number;
  blend: number;
  byColumn: boolean;
  inMemory: boolean;
  grid: { ranks: readonly number[]; sparsities: readonly number[] };
  baseName: string;
}

/** The report. Errors: all of the core's, and whatever the files and `progress` throw. */
export function makeExpert(writer: Writer, job: ExpertJob): unknown {
  const calls = new Calls(writer, job);
  const report = writer.run((module): unknown => {
    const packing = packingOf(module, job, calls);
    try {
      packing[job.verb]();
      if (calls.failed) return undefined;
      requireOk(packing);
      return JSON.parse(new TextDecoder().decode(writer.bytes(packing.report())));
    } finally {
      packing.delete();
    }
  });
  calls.rethrow();
  return report;
}

type Packing = InstanceType<WriterModule["ExpertPacking"]>;

function packingOf(module: WriterModule, job: ExpertJob, calls: Calls): Packing {
  const packing = new module.ExpertPacking(calls);
  for (const [path, file] of job.files) packing.addFile(path, file.size);
  packing.setVersion(job.version);
  packing.setMetadata(job.metadata);
  packing.setCodecs(job.level, job.zstd, job.shuffle);
  if (job.dtype !== undefined) packing.setDtype(job.dtype);
  if (job.osd !== undefined) setOsd(packing, job.osd);
  const { signing } = job;
  if (signing !== undefined) packing.setSigning(signing.seed, signing.chain, signing.now);
  return packing;
}

function setOsd(packing: Packing, osd: OsdJob): void {
  const { rank, relaxedRank, sparsity, blend, byColumn, inMemory } = osd;
  packing.setOsd(rank, relaxedRank, sparsity, blend, byColumn, inMemory);
  for (const rank of osd.grid.ranks) packing.addGridRank(rank);
  for (const sparsity of osd.grid.sparsities) packing.addGridSparsity(sparsity);
  packing.setBaseName(osd.baseName);
}

/** What the writer calls. Nothing is thrown through it: that would leave it broken. */
class Calls {
  readonly #writer: Writer;
  readonly #job: ExpertJob;
  readonly #files: ReadableFile[];
  #thrown: { reason: unknown } | undefined;

  constructor(writer: Writer, job: ExpertJob) {
    this.#writer = writer;
    this.#job = job;
    this.#files = [...job.files.values()];
  }

  read(file: number, offset: number, address: number, size: number): boolean {
    return this.#attempt(() => this.#files[file]?.read(offset, this.#bytes(address, size)));
  }

  append(address: number, size: number): boolean {
    return this.#attempt(() => {
      this.#job.output.append(this.#bytes(address, size));
    });
  }

  readBack(offset: number, address: number, size: number): boolean {
    return this.#attempt(() => {
      this.#job.output.read(offset, this.#bytes(address, size));
    });
  }

  replace(offset: number, address: number, size: number): boolean {
    return this.#attempt(() => {
      this.#job.output.replace(offset, this.#bytes(address, size));
    });
  }

  progress(loaded: number, total: number): boolean {
    return this.#attempt(() => {
      this.#job.progress(loaded, total);
    });
  }

  get failed(): boolean {
    return this.#thrown !== undefined;
  }

  /** What a call has thrown, once the writer is left. */
  rethrow(): void {
    if (this.#thrown !== undefined) throw this.#thrown.reason as Error;
  }

  /** A view made afresh: the memory may have grown since the last call. */
  #bytes(address: number, size: number): Uint8Array {
    return this.#writer.bytes({ address, size });
  }

  #attempt(call: () => void): boolean {
    try {
      call();
      return true;
    } catch (reason) {
      this.#thrown = { reason };
      return false;
    }
  }
}
