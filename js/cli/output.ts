// Files that appear complete or not at all: written beside their place, then renamed into it.

import { randomBytes } from "node:crypto";
import { rmSync, type Stats } from "node:fs";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CliError, systemReason } from "./errors.js";
import { write, type OutputStream } from "./terminal.js";

export interface Output {
  write(data: string | Uint8Array): Promise<void>;
  /** Puts the file in its place. Until then nobody sees it. */
  commit(): Promise<void>;
  /** Leaves nothing behind; harmless after `commit`. */
  discard(): Promise<void>;
}

export interface FileOutput extends Output {
  /** Open for reading and writing, until `commit` or `discard`. */
  readonly descriptor: number;
}

/** Unfinished files of this process, for the moment it is stopped. */
const unfinished = new Set<string>();

export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
}

export function streamOutput(stream: OutputStream): Output {
  return {
    write: (data) => write(stream, data),
    commit: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}

/** Throws OutputUnwritable. */
export async function fileOutput(path: string): Promise<FileOutput> {
  const info = await statOrNothing(path);
  if (info?.isDirectory()) throw unwritable(path, "it is a directory");
  try {
    // A device or a pipe is written as it is: there is no file to replace.
    if (info !== undefined && !info.isFile()) return new PlainFile(path, await open(path, "w"));
    const target = info === undefined ? path : await realpath(path);
    const name = `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`;
    const temporary = join(dirname(target), name);
    const mode = info === undefined ? 0o666 : info.mode & 0o777;
    return new ReplacedFile(path, await open(temporary, "wx+", mode), temporary, target);
  } catch (cause) {
    throw unwritable(path, systemReason(cause), cause);
  }
}

/** Throws OutputExists where `path` is taken. */
export async function requireFree(path: string): Promise<void> {
  if ((await statOrNothing(path)) !== undefined) throw taken(path, "; --force replaces it");
}

function taken(path: string, advice = ""): CliError {
  return new CliError("OutputExists", `'${path}' exists already${advice}`);
}

/** All of a file at once, in place of one that may be there. Throws OutputUnwritable. */
export async function saveWhole(path: string, bytes: Uint8Array): Promise<void> {
  const output = await fileOutput(path);
  try {
    await output.write(bytes);
    await output.commit();
  } finally {
    await output.discard();
  }
}

export interface NewFile {
  path: string;
  data: string | Uint8Array;
  /** From the first byte on. */
  mode: number;
}

/** Makes files that must not exist yet: all of them or none. Throws OutputExists, OutputUnwritable. */
export async function createNew(files: readonly NewFile[]): Promise<void> {
  const made: string[] = [];
  try {
    for (const { path, data, mode } of files) {
      const file = await openNew(path, mode);
      made.push(path);
      unfinished.add(path);
      await new PlainFile(path, file).finish(data);
    }
  } catch (error) {
    for (const path of made) await rm(path, { force: true });
    throw error;
  } finally {
    for (const path of made) unfinished.delete(path);
  }
}

async function openNew(path: string, mode: number): Promise<FileHandle> {
  try {
    return await open(path, "wx", mode);
  } catch (cause) {
    const exists = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    throw exists ? taken(path) : unwritable(path, systemReason(cause), cause);
  }
}

class PlainFile implements FileOutput {
  constructor(
    protected readonly path: string,
    protected readonly file: FileHandle,
  ) {}

  get descriptor(): number {
    return this.file.fd;
  }

  async write(data: string | Uint8Array): Promise<void> {
    await this.attempt(this.file.writeFile(data));
  }

  async commit(): Promise<void> {
    await this.attempt(this.file.close());
  }

  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
  }

  /** Everything at once. */
  async finish(data: string | Uint8Array): Promise<void> {
    try {
      await this.write(data);
      await this.attempt(this.file.sync());
      await this.commit();
    } finally {
      await this.discard();
    }
  }

  protected async attempt(done: Promise<void>): Promise<void> {
    try {
      await done;
    } catch (cause) {
      throw unwritable(this.path, systemReason(cause), cause);
    }
  }
}

class ReplacedFile extends PlainFile {
  readonly #temporary: string;
  readonly #target: string;

  constructor(path: string, file: FileHandle, temporary: string, target: string) {
    super(path, file);
    this.#temporary = temporary;
    this.#target = target;
    unfinished.add(temporary);
  }

  override async commit(): Promise<void> {
    await this.attempt(this.file.sync());
    await super.commit();
    await this.attempt(rename(this.#temporary, this.#target));
    unfinished.delete(this.#temporary);
  }

  override async discard(): Promise<void> {
    await super.discard();
    if (unfinished.delete(this.#temporary)) await rm(this.#temporary, { force: true });
  }
}

export async function statOrNothing(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}

export function unwritable(path: string, reason: string, cause?: unknown): CliError {
  const message = `'${path}' cannot be written: ${reason}`;
  return new CliError("OutputUnwritable", message, undefined, { cause });
}
