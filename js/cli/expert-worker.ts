// The thread of expert-task.ts: files as the core reads and writes them, by ranges and at once.

import { closeSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import {
  AndonError,
  convertExpert,
  convertToOsd,
  type OsdSource,
  packExpert,
  type PackedExpert,
  type Progress,
  type ReadableFile,
  signExpert,
  type WritableFile,
} from "../index.js";
import { systemReason } from "./errors.js";
import type { ExpertTask, OsdPaths, TaskData, TaskMessage } from "./expert-task.js";

/** Files of one task. One is open at a time: a folder may have more than a process may open. */
class Files {
  #path = "";
  #descriptor: number | undefined;

  of(path: string): ReadableFile {
    const size = attempt("SourceUnreadable", path, () => statSync(path).size);
    return {
      size,
      read: (offset, to) => {
        attempt("SourceUnreadable", path, () => {
          readAll(this.#open(path), offset, to);
        });
      },
    };
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open(path: string): number {
    if (this.#descriptor !== undefined && this.#path === path) return this.#descriptor;
    this.close();
    this.#path = path;
    return (this.#descriptor = openSync(path, "r"));
  }
}

function outputAt(descriptor: number): WritableFile {
  let end = 0;
  const write = (offset: number, bytes: Uint8Array): void => {
    attempt("OutputUnwritable", "the output", () => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, offset + done);
      }
    });
  };
  return {
    append: (bytes) => {
      write(end, bytes);
      end += bytes.length;
    },
    read: (offset, to) => {
      attempt("OutputUnwritable", "the output", () => {
        readAll(descriptor, offset, to);
      });
    },
    replace: write,
  };
}

function readAll(descriptor: number, offset: number, to: Uint8Array): void {
  for (let done = 0; done < to.length;) {
    const bytes = readSync(descriptor, to, done, to.length - done, offset + done);
    if (bytes === 0) throw new Error("it became shorter while it was read");
    done += bytes;
  }
}

function attempt<T>(code: AndonError["code"], path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new AndonError(code, `'${path}': ${systemReason(cause)}`, { cause });
  }
}

async function run(task: ExpertTask, files: Files, output: WritableFile): Promise<PackedExpert> {
  const reporting = {
    output,
    onProgress: ({ loaded, total = 0 }: Progress) => {
      post({ progress: { loaded, total } });
    },
  };
  if (task.verb === "osd") {
    const gradients = task.gradients === undefined ? {} : { gradients: files.of(task.gradients) };
    return convertToOsd(sourceOf(task.source, files), {
      ...task.options,
      ...gradients,
      ...reporting,
    });
  }
  const options = { ...task.options, ...reporting };
  if (task.verb === "pack") return packExpert(folderOf(task.files, files), options);
  const file = files.of(task.file);
  if (task.verb === "convert") return convertExpert(file, options);
  const { signingKey = new Uint8Array() } = task.options;
  return signExpert(file, { ...options, signingKey });
}

function folderOf(paths: ReadonlyMap<string, string>, files: Files): Record<string, ReadableFile> {
  return Object.fromEntries(Array.from(paths, ([name, path]) => [name, files.of(path)]));
}

function sourceOf(source: OsdPaths, files: Files): OsdSource {
  if ("expert" in source) return { expert: files.of(source.expert) };
  if ("adapter" in source) return { adapter: folderOf(source.adapter, files) };
  return {
    base: folderOf(source.base, files),
    tuned: folderOf(source.tuned, files),
    extra: folderOf(source.extra, files),
    baseName: source.baseName,
  };
}

function post(message: TaskMessage): void {
  parentPort?.postMessage(message);
}

const { task, output } = workerData as TaskData;
const files = new Files();
try {
  const { report } = await run(task, files, outputAt(output));
  post({ report });
} catch (error) {
  if (!(error instanceof AndonError)) throw error;
  const { code, message, verdict } = error;
  post({ failure: { code, message, verdict } });
} finally {
  files.close();
}
