// Making experts, in a thread of its own: the core reads and writes without a pause, and this thread
// has to hear Ctrl-C and to draw the progress.

import { Worker } from "node:worker_threads";
import {
  AndonError,
  type ExpertPackOptions,
  type ExpertPackReport,
  type OsdOptions,
  type PackedOsdExpert,
} from "../index.js";
import { fileOutput } from "./output.js";
import { ByteProgress } from "./progress.js";
import type { Terminal } from "./terminal.js";

/** What to make; files by the name that they get, and their paths. */
export type ExpertTask =
  | ({ options: ExpertPackOptions } & (
      | { verb: "pack"; files: ReadonlyMap<string, string> }
      | { verb: "convert" | "sign"; file: string }
    ))
  | { verb: "osd"; source: OsdPaths; gradients: string | undefined; options: OsdOptions };

/** An OsdSource with the paths of its files. */
export type OsdPaths =
  | { adapter: ReadonlyMap<string, string> }
  | { expert: string }
  | {
      base: ReadonlyMap<string, string>;
      tuned: ReadonlyMap<string, string>;
      extra: ReadonlyMap<string, string>;
      baseName: string;
    };

export interface TaskData {
  task: ExpertTask;
  /** A descriptor, open for reading and writing. */
  output: number;
}

export type TaskMessage =
  | { progress: { loaded: number; total: number } }
  | { report: ExpertPackReport }
  | { failure: Failure };

type Failure = Pick<AndonError, "code" | "message" | "verdict">;

/** The file appears when it is complete. Throws what the task does, and OutputUnwritable. */
export async function runTask(
  task: Extract<ExpertTask, { verb: "osd" }>,
  path: string,
  terminal: Terminal,
): Promise<PackedOsdExpert["report"]>;
export async function runTask(
  task: ExpertTask,
  path: string,
  terminal: Terminal,
): Promise<ExpertPackReport>;
export async function runTask(
  task: ExpertTask,
  path: string,
  terminal: Terminal,
): Promise<ExpertPackReport> {
  const progress = new ByteProgress(terminal.stderr.isTTY === true ? terminal.stderr : undefined);
  const output = await fileOutput(path);
  try {
    const report = await inThread({ task, output: output.descriptor }, progress);
    await output.commit();
    return report;
  } finally {
    progress.clear();
    await output.discard();
  }
}

function inThread(data: TaskData, progress: ByteProgress): Promise<ExpertPackReport> {
  const worker = new Worker(new URL("./expert-worker.js", import.meta.url), {
    workerData: data,
    execArgv: [], // some of the program's own flags are none for a thread
  });
  return new Promise((resolve, reject) => {
    worker.on("message", (message: TaskMessage) => {
      if ("progress" in message) progress.report(message.progress);
      else if ("report" in message) resolve(message.report);
      else reject(errorOf(message.failure));
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      reject(new AndonError("WorkerFailed", `the thread ended with exit code ${code}`));
    });
  });
}

function errorOf({ code, message, verdict }: Failure): AndonError {
  return new AndonError(code, message, { verdict });
}
