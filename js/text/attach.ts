// An expert on its way to the worker of a language model, from the page or program.

import { platform } from "#platform";
import { abortable } from "../abort.js";
import type { Range } from "../core-expert.js";
import { openSource, sourceError, type ModelSource } from "../source.js";
import { policyOf, storeOf, type Policy } from "../trust.js";
import { AttachedExpert, type AttachTimings } from "./attached-expert.js";
import type { AttachOptions } from "./attach-options.js";
import { requireWeight } from "./expert-choice.js";
import { isFiles } from "./model-files.js";
import type { ModelCalls } from "./model-calls.js";
import type { ExpertSource, ReadyExpert } from "./protocol.js";
import { sized } from "./sized-source.js";
import { asWorkerSource } from "./worker-source.js";

/** What is read of a PEFT folder. */
const peftFiles = [
  "adapter_config.json",
  "adapter_model.safetensors",
  "expert.json",
  "manifest.json",
  "grammar.gbnf",
];

/** Errors: those of `LanguageModel.attach`. */
export async function attachExpert(
  calls: ModelCalls,
  source: ModelSource | Readonly<Record<string, ModelSource>>,
  options: AttachOptions,
): Promise<AttachedExpert> {
  const start = performance.now();
  const weight = requireWeight(options.weight ?? 1);
  const attaching = new Attaching(calls, options);
  const policy = await attaching.wait(policyOf(options));
  const files = await folderOf(source);
  const before = performance.now() - start;
  const ready = await (files === undefined
    ? attaching.file(source as ModelSource, policy)
    : attaching.folder(files, policy));
  try {
    const { release } = ready;
    if (release !== undefined) {
      await attaching.wait(Promise.resolve(storeOf(options)?.remember(release)));
    }
  } catch (thrown) {
    await calls.call("detachExpert", ready.id);
    throw thrown;
  }
  return AttachedExpert.of(calls, { ...ready, timings: later(ready.timings, before) }, weight);
}

/** The files of a PEFT folder by their names; `undefined`: it is none. */
async function folderOf(
  source: ModelSource | Readonly<Record<string, ModelSource>>,
): Promise<Readonly<Record<string, ModelSource>> | undefined> {
  if (isFiles(source)) return source;
  const { modelFolders } = platform;
  if ((await modelFolders?.isFolder(source)) !== true) return undefined;
  const files = await modelFolders?.filesOf(source as string | URL);
  const read = Object.entries(files ?? {}).filter(([name]) => peftFiles.includes(name));
  return Object.fromEntries(read);
}

function later(timings: AttachTimings, ms: number): AttachTimings {
  const { verifiedMs, firstLayerMs, readyMs } = timings;
  return {
    ...timings,
    verifiedMs: verifiedMs + ms,
    firstLayerMs: firstLayerMs + ms,
    readyMs: readyMs + ms,
  };
}

class Attaching {
  readonly #calls: ModelCalls;
  readonly #options: AttachOptions;
  readonly #signal: AbortSignal;

  constructor(calls: ModelCalls, options: AttachOptions) {
    this.#calls = calls;
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  wait<T>(answer: Promise<T>): Promise<T> {
    return abortable(answer, this.#signal);
  }

  async file(from: ModelSource, policy: Policy): Promise<ReadyExpert> {
    const near = asWorkerSource(from);
    if (near !== undefined) return this.#run(policy, { near });
    let source = await this.#read(openSource(from, this.#signal));
    try {
      // A size that somebody else claims is not the size of the file.
      const size = source.exact ? source.size : undefined;
      return await this.#run(policy, { size }, async ({ offset, length }) => {
        if (length > 0) return this.#read(source.readAt(offset, length, this.#signal));
        source = await this.#read(sized(source)); // all of it, however much that is
        return this.#read(source.readAt(0, source.size ?? 0, this.#signal));
      });
    } finally {
      source.close().catch(() => undefined); // one that hangs must not hold up an abort
    }
  }

  async folder(files: Readonly<Record<string, ModelSource>>, policy: Policy): Promise<ReadyExpert> {
    const named = Object.entries(files).map(
      async ([name, from]) => [name, asWorkerSource(from) ?? (await this.#whole(from))] as const,
    );
    return this.#run(policy, { files: Object.fromEntries(await Promise.all(named)) });
  }

  /** Goes on until the expert is ready. `read`: the bytes of a range. */
  async #run(
    policy: Policy,
    source: ExpertSource,
    read?: (range: Range) => Promise<Uint8Array>,
  ): Promise<ReadyExpert> {
    const { anyBase = false, maxBytes, onProgress } = this.#options;
    const terms = { policy, anyBase, maxBytes, source };
    // Not given up half-way: what the worker has begun it would keep.
    let step = await this.#calls.call("attachExpert", terms);
    const { id } = step;
    try {
      for (;;) {
        if ("ready" in step) {
          this.#signal.throwIfAborted();
          return step.ready;
        }
        onProgress?.({ loaded: step.loaded, total: step.total });
        const bytes = step.wanted === undefined ? undefined : await read?.(step.wanted);
        const copy = bytes === undefined ? undefined : new Uint8Array(bytes); // its buffer moves
        const moved = copy === undefined ? [] : [copy.buffer];
        step = await this.wait(this.#calls.call("continueAttach", { id, bytes: copy }, moved));
      }
    } catch (thrown) {
      this.#calls.call("endAttach", id).catch(() => undefined);
      throw thrown;
    }
  }

  async #whole(from: ModelSource): Promise<Uint8Array> {
    const source = await this.#read(openSource(from, this.#signal).then(sized));
    try {
      return await this.#read(source.readAt(0, source.size, this.#signal));
    } finally {
      await source.close();
    }
  }

  async #read<T>(step: Promise<T>): Promise<T> {
    try {
      return await this.wait(step);
    } catch (thrown) {
      throw sourceError(thrown, this.#signal);
    }
  }
}
