import { sourceError, type Source } from "./source.js";
import type { Content, Form, Range } from "./core-expert.js";
import { AndonError } from "./errors.js";
import type { OwnedSession } from "./inner.js";
import type { OpenedExpert } from "./session.js";
import { SharedReads } from "./shared-reads.js";

const pieceBytes = 1 << 20;

export interface IntegrityOptions {
  /** `config.json` of a base model whose shapes the adapter has to fit. */
  baseConfig?: Uint8Array;
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Bytes of the file. */
  onProgress?: (progress: { loaded: number; total: number }) => void;
}

/** The sections of an open expert: the session says which bytes it needs, the source has them. */
export class ExpertSections {
  readonly #session: OwnedSession;
  readonly #source: Source;
  readonly #opened: OpenedExpert;
  readonly #reads = new SharedReads();
  #checking: Promise<unknown> = Promise.resolve();
  #closed: AndonError | undefined;

  constructor(session: OwnedSession, source: Source, opened: OpenedExpert) {
    this.#session = session;
    this.#source = source;
    this.#opened = opened;
  }

  /** Errors: SectionUnknown, all that a damaged section can have, Disposed, those of the source. */
  async take(section: number, form: Form, signal?: AbortSignal): Promise<Content> {
    for (;;) {
      this.#requireOpen();
      signal?.throwIfAborted();
      const taken = await this.#judged(() => this.#session.take({ section, form }));
      if ("content" in taken) return taken.content;
      let mine: { content: Content } | undefined;
      const read = async (reading: AbortSignal): Promise<void> => {
        const bytes = await this.#read(taken.needs, reading);
        mine = { content: await this.#judged(() => this.#session.give({ section, form, bytes })) };
      };
      await this.#reads.join(section, read, signal);
      if (mine !== undefined) return mine.content;
      // Somebody else's read brought it into the cache, where it is unless others took its place.
    }
  }

  /** One after the other, as a session has one check at a time. */
  async check(options: IntegrityOptions): Promise<void> {
    const check = this.#checking.then(() => this.#check(options));
    this.#checking = check.catch(() => undefined);
    return check;
  }

  close(): void {
    if (this.#closed !== undefined) return;
    this.#closed = new AndonError("Disposed", "the expert was disposed of");
    this.#reads.abort(this.#closed);
    this.#session.close();
    this.#source.close().catch(() => undefined);
  }

  async #check({ baseConfig, signal, onProgress }: IntegrityOptions): Promise<void> {
    const total = this.#opened.fileBytes;
    this.#requireOpen();
    await this.#judged(() => this.#session.beginIntegrity(baseConfig ?? new Uint8Array()));
    for (let loaded = 0; loaded < total;) {
      const length = Math.min(pieceBytes, total - loaded);
      const bytes = await this.#read({ offset: loaded, length }, signal);
      await this.#judged(() => this.#session.addIntegrity(bytes));
      loaded += length;
      onProgress?.({ loaded, total });
    }
    if (total > 0) await this.#requireEnd(total, signal);
    await this.#judged(() => this.#session.endIntegrity());
  }

  /** A stream tells only here whether it ends where the table of contents says. */
  async #requireEnd(total: number, signal: AbortSignal | undefined): Promise<void> {
    if ((await this.#readSome(total, 1, signal)).length === 0) return;
    throw this.#damaged(
      new AndonError("ExpertTrailingData", `expert: the file goes on after its ${total} bytes`),
    );
  }

  async #read({ offset, length }: Range, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const bytes = await this.#readSome(offset, length, signal);
    if (bytes.length === length) return bytes;
    throw new AndonError(
      "SourceUnreadable",
      `source: ended at ${offset + bytes.length}, before byte ${offset + length} that the file has`,
    );
  }

  async #readSome(
    offset: number,
    length: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    this.#requireOpen();
    signal?.throwIfAborted();
    try {
      return await this.#source.readAt(offset, length, signal);
    } catch (thrown) {
      this.#requireOpen();
      throw sourceError(thrown, signal);
    }
  }

  /** What the core refuses after opening is damage, unless it was asked for what is not there. */
  async #judged<T>(call: () => T | Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (thrown) {
      throw thrown instanceof AndonError ? this.#damaged(thrown) : thrown;
    }
  }

  #damaged(error: AndonError): AndonError {
    if (notDamage.has(error.code)) return error;
    const { verdict } = this.#opened;
    const reasons = [error.message, ...verdict.reasons];
    return new AndonError(error.code, error.message, {
      cause: error,
      verdict: { ...verdict, integrity: "corrupt", reasons },
    });
  }

  #requireOpen(): void {
    if (this.#closed !== undefined) throw this.#closed;
  }
}

const notDamage: ReadonlySet<string> = new Set([
  "SectionUnknown",
  "BaseShapeMismatch",
  "BaseConfig",
  "Disposed",
  "WorkerFailed",
  "OutOfMemory",
  "Internal",
]);
