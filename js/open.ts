import { platform } from "#platform";
import { abortable, follow } from "./abort.js";
import { AndonError } from "./errors.js";
import { Expert } from "./expert.js";
import { InThreadModel } from "./in-thread-model.js";
import type { OwnedSession } from "./inner.js";
import { Model } from "./model.js";
import {
  LocalSession,
  requireKind,
  type Kind,
  type OpenedExpert,
  type OpenedModel,
} from "./session.js";
import { openSource, sourceError, type ModelSource, type Source } from "./source.js";
import { localCore, remoteSession } from "./start.js";
import type { LanguageModel } from "./text/language-model.js";
import type { LanguageModelOptions } from "./text/load-options.js";
import { policyOf, storeOf, type Policy, type TrustOptions } from "./trust.js";

/** Bytes read so far, and in all where the source says. */
export interface Progress {
  loaded: number;
  total: number | undefined;
}

export interface OpenInThreadOptions extends TrustOptions {
  /** Lowers the limit for the file, in bytes. */
  maxBytes?: number;
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal;
  /** For what is read whole: models, and experts of version 1. */
  onProgress?: (progress: Progress) => void;
}

export interface OpenOptions extends OpenInThreadOptions, LanguageModelOptions {
  /** What the file has to hold; anything else is `KindMismatch`. */
  kind?: Kind;
  /** Default: true in a page, false in Node.js and in workers. */
  worker?: boolean;
  /** Of an expert: bytes of decoded sections to keep. Default: 64 MiB. */
  cacheBytes?: number;
}

export type Opened = Model | Expert | LanguageModel;

/**
 * Verifies a model, an expert or a language model, then gives it ready to use. Works in Node.js, pages and workers.
 *
 * @throws AndonError with a `verdict` where the file was refused; `KindMismatch`, `SourceUnreadable`,
 *   `SourceChanged`, `FileTooLarge`, `KeyMalformed`, `InvalidArgument`, `StartFailed`, `OutOfMemory`;
 *   those of the trust store; or the reason of `signal`
 */
export function open(source: ModelSource, options: OpenOptions & { kind: "model" }): Promise<Model>;
export function open(
  source: ModelSource,
  options: OpenOptions & { kind: "expert" },
): Promise<Expert>;
export function open(
  source: ModelSource,
  options: OpenOptions & { kind: "language-model" },
): Promise<LanguageModel>;
export function open(source: ModelSource, options?: OpenOptions): Promise<Opened>;
export async function open(source: ModelSource, options: OpenOptions = {}): Promise<Opened> {
  if (
    options.kind === "language-model" ||
    (await platform.modelFolders?.isFolder(source)) === true
  ) {
    requireKind(options.kind, "language-model");
    return openText(source, options);
  }
  const inWorker = options.worker ?? platform.workerByDefault;
  const start: () => Promise<OwnedSession> = inWorker ? remoteSession : localSession;
  const loaded = await load(start, source, options);
  switch (loaded.opened.kind) {
    case "model":
      return Model.of(loaded.session, loaded.opened);
    case "expert":
      return Expert.of(loaded.session, loaded.source, loaded.opened);
    case "language-model":
      return openText(source, options, loaded.source);
  }
}

/**
 * As `open`, for a language model of several files by their names: the parts of a split GGUF file, or
 * `config.json`, `tokenizer.json` and safetensors as Hugging Face has them.
 *
 * @throws AndonError as `open`, `ModelFiles`
 */
export async function openLanguageModel(
  files: Readonly<Record<string, ModelSource>>,
  options: LanguageModelOptions = {},
): Promise<LanguageModel> {
  const text = await import("./text/load.js");
  const named = Object.entries(files).map(([name, source]) => ({ name, source }));
  return text.loadLanguageModel(named, options);
}

/** What runs language models is loaded when one is opened. */
async function openText(
  source: ModelSource,
  options: OpenOptions,
  opened?: Source,
): Promise<LanguageModel> {
  const text = await import("./text/load.js");
  return text.openLanguageModelAt(source, options, opened);
}

/** As `open`, always in this thread, for a model whose `predict` returns at once. */
export async function openInThread(
  source: ModelSource,
  options: OpenInThreadOptions = {},
): Promise<InThreadModel> {
  const { session, opened } = await load(localSession, source, { ...options, kind: "model" });
  return InThreadModel.of(session, opened as OpenedModel);
}

async function localSession(): Promise<LocalSession> {
  return new LocalSession(await localCore());
}

interface Loaded<Owned> {
  session: Owned;
  source: Source;
  opened: OpenedModel | OpenedExpert | FoundText;
}

/** The session has no part in it. */
interface FoundText {
  kind: "language-model";
}

async function load<Owned extends OwnedSession>(
  start: () => Promise<Owned>,
  from: ModelSource,
  options: OpenOptions,
): Promise<Loaded<Owned>> {
  requireBytes("maxBytes", options.maxBytes);
  requireBytes("cacheBytes", options.cacheBytes);
  const policy = await abortable(policyOf(options), options.signal);
  // The source may outlive the signal, which is for opening alone.
  const abort = new AbortController();
  const unfollow = follow(options.signal, abort);
  try {
    const source = await reading(openSource(from, abort.signal), abort.signal);
    let keep = false;
    try {
      const loaded = await loadFrom(start, source, policy, { ...options, signal: abort.signal });
      const { opened } = loaded;
      keep = opened.kind === "expert" ? opened.fileBytes > 0 : opened.kind === "language-model";
      return loaded;
    } finally {
      // Not awaited: a source that hangs must not hold up an abort. What it throws now changes nothing.
      if (!keep) source.close().catch(() => undefined);
    }
  } finally {
    unfollow();
  }
}

type Settled = OpenOptions & { signal: AbortSignal };

async function loadFrom<Owned extends OwnedSession>(
  start: () => Promise<Owned>,
  source: Source,
  policy: Policy,
  options: Settled,
): Promise<Loaded<Owned>> {
  const session = await startUnlessAborted(start, options.signal);
  try {
    const opened = await openWith(session, source, policy, options);
    if (opened.kind === "language-model") session.close();
    if (opened.kind === "expert" && opened.release !== undefined) {
      await abortable(Promise.resolve(storeOf(options)?.remember(opened.release)), options.signal);
    }
    return { session, source, opened };
  } catch (thrown) {
    session.close();
    throw thrown;
  }
}

// Enough to know every format by.
const sniffedBytes = 512;

async function openWith(
  session: OwnedSession,
  source: Source,
  policy: Policy,
  options: Settled,
): Promise<OpenedModel | OpenedExpert | FoundText> {
  const { signal, maxBytes, kind, cacheBytes } = options;
  const claim = { size: source.size, exact: source.exact, maxBytes };
  const terms = { policy, kind, cacheBytes };
  const head = await reading(source.readAt(0, sniffedBytes, signal), signal);
  const found = await session.sniff(head);
  if (found === "expert") {
    requireKind(kind, "expert");
    let step = await session.beginExpert({ ...claim, ...terms });
    while ("wanted" in step) {
      const { offset, length } = step.wanted;
      const bytes = await reading(source.readAt(offset, length, signal), signal);
      step = await abortable(Promise.resolve(session.feedExpert(bytes)), signal);
    }
    return step.opened;
  }
  if (found === "gguf") {
    requireKind(kind, "language-model");
    return { kind: "language-model" };
  }
  requireNoHashes(options);
  if (found === "expert-v1") requireKind(kind, "expert");
  await session.begin(claim);
  await transfer(source, session, options);
  return abortable(Promise.resolve(session.open(terms)), signal);
}

/** A worker that starts after the abort is ended at once. */
async function startUnlessAborted<Owned extends OwnedSession>(
  start: () => Promise<Owned>,
  signal: AbortSignal,
): Promise<Owned> {
  const starting = start();
  try {
    return await abortable(starting, signal);
  } catch (thrown) {
    starting.then(
      (session) => {
        session.close();
      },
      () => undefined,
    );
    throw thrown;
  }
}

async function transfer(
  source: Source,
  session: OwnedSession,
  { signal, onProgress }: Settled,
): Promise<void> {
  for (let loaded = 0; ;) {
    const piece = await reading(source.next(), signal);
    if (piece === undefined) return;
    await session.append(piece);
    loaded += piece.length;
    onProgress?.({ loaded, total: source.size });
  }
}

async function reading<T>(step: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await abortable(step, signal);
  } catch (thrown) {
    throw sourceError(thrown, signal);
  }
}

/** What nobody would check must not look as if it were. Errors: InvalidArgument. */
function requireNoHashes({ sha256, manifest }: LanguageModelOptions): void {
  if (sha256 === undefined && manifest === undefined) return;
  throw new AndonError("InvalidArgument", "sha256: models and experts have hashes of their own");
}

/** Errors: InvalidArgument. */
function requireBytes(what: string, bytes: number | undefined): void {
  if (bytes === undefined || bytes >= 0) return;
  throw new AndonError("InvalidArgument", `${what}: not a number of bytes`);
}
