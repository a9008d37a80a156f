// A language model on its way into its worker, from the page or program.

import { platform } from "#platform";
import { abortable } from "../abort.js";
import { AndonError } from "../errors.js";
import { openSource, sourceError, type ModelSource, type Source } from "../source.js";
import { policyOf } from "../trust.js";
import { chooseBuild, surroundings } from "./build.js";
import { readManifest, statedHashes } from "./hashes.js";
import { LanguageModel } from "./language-model.js";
import type { LanguageModelOptions } from "./load-options.js";
import { inLoadingOrder, nameOf, type NamedSource } from "./model-files.js";
import type { ModelCalls } from "./model-calls.js";
import type { LoadTerms, OpenedText, WorkerSource } from "./protocol.js";
import { sized } from "./sized-source.js";
import { startTextWorker } from "./start.js";
import { asWorkerSource } from "./worker-source.js";

/** Of one source, which in Node.js may name a folder or the first part of a split file. Errors: those of `open`. */
export async function openLanguageModelAt(
  source: ModelSource,
  options: LanguageModelOptions,
  opened?: Source,
): Promise<LanguageModel> {
  if (typeof source !== "string" && !(source instanceof URL)) {
    const { name = "model.gguf" } = source as { name?: string };
    return loadLanguageModel([{ name, source, opened }], options);
  }
  await opened?.close();
  const folders = platform.modelFolders;
  const alone = { [nameOf(source)]: String(source) };
  const files = (await folders?.filesOf(source)) ?? alone;
  const named = Object.entries(files).map(([name, path]) => ({ name, source: path }));
  const manifest = options.manifest ?? (await folders?.manifestOf(source));
  return loadLanguageModel(named, manifest === undefined ? options : { ...options, manifest });
}

/** Errors: those of `open`, ModelFiles. */
export async function loadLanguageModel(
  given: readonly NamedSource[],
  options: LanguageModelOptions,
): Promise<LanguageModel> {
  const { signal, threads, maxMemory, precision = "fast", weightType = "Q8_0" } = options;
  const { computeSha256 = false } = options;
  requireThreads(threads);
  const files = inLoadingOrder(given);
  if (files.length === 0) throw new AndonError("ModelFiles", "model: no files");
  const policy = await abortable(policyOf(options), signal);
  const sha256 = statedHashes(files, options);
  const manifest = await abortable(readManifest(options), signal);
  const build = chooseBuild(surroundings(), threads);
  const calls = await startTextWorker(build, signal);
  try {
    const terms = {
      policy,
      sha256,
      manifest,
      computeSha256,
      threads: build.threads,
      precision,
      weightType,
      maxMemory,
    };
    const opened = await new Sending(calls, options).all(files, terms);
    return LanguageModel.of(calls, opened, build);
  } catch (thrown) {
    calls.close();
    throw thrown;
  }
}

/** Errors: InvalidArgument. */
function requireThreads(threads = 1): void {
  if (Number.isInteger(threads) && threads >= 1 && threads <= 64) return;
  throw new AndonError("InvalidArgument", "threads: not a whole number from 1 to 64");
}

class Sending {
  readonly #calls: ModelCalls;
  readonly #options: LanguageModelOptions;
  readonly #signal: AbortSignal;
  #files = 0;
  /** Bytes of the files before this one. */
  #before = 0;

  constructor(calls: ModelCalls, options: LanguageModelOptions) {
    this.#calls = calls;
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  async all(files: readonly NamedSource[], terms: LoadTerms): Promise<OpenedText> {
    this.#files = files.length;
    await this.#wait(this.#calls.call("beginLoading", terms));
    for (const file of files) {
      const near = asWorkerSource(file.source);
      this.#before +=
        near === undefined ? await this.#send(file) : await this.#let(file.name, near);
      await this.#wait(this.#calls.call("endFile", undefined));
    }
    return this.#wait(this.#calls.call("finishLoading", undefined));
  }

  /** The worker reads, and says how far it is. Gives the size. */
  async #let(name: string, source: WorkerSource): Promise<number> {
    const { size } = await this.#wait(this.#calls.call("openFile", { name, source }));
    this.#requireWithin(size);
    for (;;) {
      const { loaded, done } = await this.#wait(this.#calls.call("readFile", undefined));
      this.#tell(loaded, size);
      if (done) return size;
    }
  }

  /** Reads here, and sends piece by piece. Gives the size. */
  async #send({ name, source: from, opened }: NamedSource): Promise<number> {
    const opening = opened === undefined ? openSource(from, this.#signal) : Promise.resolve(opened);
    const source = await this.#read(opening.then(sized));
    try {
      const { size } = source;
      this.#requireWithin(size);
      await this.#wait(this.#calls.call("beginFile", { name, size }));
      for (let loaded = 0; ;) {
        const piece = await this.#read(source.next());
        if (piece === undefined) return size;
        const copy = new Uint8Array(piece); // not slice(): a Buffer's is no copy
        loaded += copy.length;
        await this.#wait(this.#calls.call("push", copy, [copy.buffer]));
        this.#tell(loaded, size);
      }
    } finally {
      source.close().catch(() => undefined); // one that hangs must not hold up an abort
    }
  }

  /** Errors: FileTooLarge. */
  #requireWithin(size: number): void {
    const { maxBytes = Infinity } = this.#options;
    const all = this.#before + size;
    if (all <= maxBytes) return;
    throw new AndonError(
      "FileTooLarge",
      `source: ${all} bytes are more than the limit of ${maxBytes}`,
    );
  }

  #tell(loaded: number, size: number): void {
    const total = this.#files === 1 ? size : undefined;
    this.#options.onProgress?.({ loaded: this.#before + loaded, total });
  }

  #wait<T>(answer: Promise<T>): Promise<T> {
    return abortable(answer, this.#signal);
  }

  async #read<T>(step: Promise<T>): Promise<T> {
    try {
      return await abortable(step, this.#signal);
    } catch (thrown) {
      throw sourceError(thrown, this.#signal);
    }
  }
}
