import { platform } from "#platform";
import { abortable } from "./abort.js";
import { AndonError } from "./errors.js";
import { InThreadModel } from "./in-thread-model.js";
import type { OwnedSession } from "./inner.js";
import { Model } from "./model.js";
import { LocalSession, type OpenedModel } from "./session.js";
import { openReader, sourceError, type ModelSource, type Reader } from "./source.js";
import { localCore, remoteSession } from "./start.js";
import { policyOf, type TrustOptions } from "./trust.js";

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
  onProgress?: (progress: Progress) => void;
}

export interface OpenOptions extends OpenInThreadOptions {
  /** Default: true in a page, false in Node.js and in workers. */
  worker?: boolean;
}

/**
 * Verifies a model, then gives it ready to run. Works in Node.js, pages and workers.
 *
 * @throws AndonError with a `verdict` where the file was refused; `SourceUnreadable`, `FileTooLarge`,
 *   `KeyMalformed`, `InvalidArgument`, `StartFailed`, `OutOfMemory`; or the reason of `signal`
 */
export async function open(source: ModelSource, options: OpenOptions = {}): Promise<Model> {
  const inWorker = options.worker ?? platform.workerByDefault;
  const start: () => Promise<OwnedSession> = inWorker ? remoteSession : localSession;
  const { session, opened } = await load(start, source, options);
  return Model.of(session, opened);
}

/** As `open`, always in this thread, for a model whose `predict` returns at once. */
export async function openInThread(
  source: ModelSource,
  options: OpenInThreadOptions = {},
): Promise<InThreadModel> {
  const { session, opened } = await load(localSession, source, options);
  return InThreadModel.of(session, opened);
}

async function localSession(): Promise<LocalSession> {
  return new LocalSession(await localCore());
}

async function load<Owned extends OwnedSession>(
  start: () => Promise<Owned>,
  source: ModelSource,
  options: OpenInThreadOptions,
): Promise<{ session: Owned; opened: OpenedModel }> {
  const { signal, maxBytes } = options;
  const policy = policyOf(options);
  if (maxBytes !== undefined && !(maxBytes >= 0)) {
    throw new AndonError("InvalidArgument", "maxBytes: not a number of bytes");
  }
  const reader = await reading(openReader(source, signal), signal);
  try {
    const session = await startUnlessAborted(start, signal);
    try {
      await session.begin({ size: reader.size, exact: reader.exact, maxBytes });
      await transfer(reader, session, options);
      const opened = await abortable(Promise.resolve(session.open(policy)), signal);
      return { session, opened };
    } catch (thrown) {
      session.close();
      throw thrown;
    }
  } finally {
    // Not awaited: a source that hangs must not hold up an abort. What it throws now changes nothing.
    reader.close().catch(() => undefined);
  }
}

/** A worker that starts after the abort is ended at once. */
async function startUnlessAborted<Owned extends OwnedSession>(
  start: () => Promise<Owned>,
  signal: AbortSignal | undefined,
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
  reader: Reader,
  session: OwnedSession,
  { signal, onProgress }: OpenInThreadOptions,
): Promise<void> {
  for (let loaded = 0; ;) {
    const piece = await reading(abortable(reader.read(), signal), signal);
    if (piece === undefined) return;
    await session.append(piece);
    loaded += piece.length;
    onProgress?.({ loaded, total: reader.size });
  }
}

async function reading<T>(step: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await step;
  } catch (thrown) {
    throw sourceError(thrown, signal);
  }
}
