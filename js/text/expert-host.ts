// The experts of a language model, in its worker.

import { platform } from "#platform";
import type { Range } from "../core-expert.js";
import { AndonError } from "../errors.js";
import { openSource, sourceError, type Source } from "../source.js";
import type {
  ChosenExpert,
  CoreAttaching,
  CoreTextExpert,
  ExpertBytes,
} from "./core-text-expert.js";
import type { CoreTextModel } from "./core-text-model.js";
import type {
  AttachStep,
  AttachTerms,
  ExpertChoice,
  ExpertMemory,
  ExpertSource,
  ReadyExpert,
  WorkerSource,
} from "./protocol.js";
import { sized } from "./sized-source.js";

/** After so long the page is told how far it is. */
const stepMs = 25;
/** Bytes. Below, the core is done before another thread would have begun. */
const leastToHash = 16 * 1024;
/** One read brings the heads of most experts, which otherwise takes three. */
const firstBytes = 32 * 1024;
/** An abort ends what it belongs to by `end`. */
const never = new AbortController().signal;

export class ExpertHost {
  readonly #attaching = new Map<number, Attaching>();
  readonly #experts = new Map<number, CoreTextExpert>();
  #nextId = 0;

  /** Errors: those of the core and of sources. */
  async attach(
    model: CoreTextModel,
    { source, ...terms }: AttachTerms & { source: ExpertSource },
  ): Promise<AttachStep> {
    const start = performance.now();
    const id = this.#nextId++;
    const attaching = await Attaching.begin(model, terms, source, start);
    this.#attaching.set(id, attaching);
    return this.continue({ id, bytes: undefined });
  }

  async continue({
    id,
    bytes,
  }: {
    id: number;
    bytes: Uint8Array | undefined;
  }): Promise<AttachStep> {
    const attaching = this.#attaching.get(id);
    if (attaching === undefined) throw new AndonError("Internal", "worker: no such attaching");
    try {
      if (bytes !== undefined) await attaching.feed(bytes);
      const wanted = await attaching.advance();
      if (!attaching.done) {
        return { id, wanted, loaded: attaching.loaded, total: attaching.total };
      }
      const { expert, ready } = attaching.take();
      this.#experts.set(id, expert);
      this.#end(id);
      return { id, ready: { ...ready, id } };
    } catch (thrown) {
      this.#end(id);
      throw thrown;
    }
  }

  /** Before it is ready, and after. */
  end(id: number): void {
    this.#end(id);
    this.detach(id);
  }

  detach(id: number): void {
    this.#experts.get(id)?.dispose();
    this.#experts.delete(id);
  }

  memory(id: number): ExpertMemory {
    return this.get(id).memory;
  }

  /** Errors: Disposed. */
  get(id: number): CoreTextExpert {
    const expert = this.#experts.get(id);
    if (expert !== undefined) return expert;
    throw new AndonError("Disposed", "the expert was detached");
  }

  /** Errors: Disposed. */
  chosen({ experts }: ExpertChoice): ChosenExpert[] {
    return experts.map(({ id, weight }) => ({ expert: this.get(id), weight }));
  }

  /** One that has this content. */
  find(identity: string): { id: number; expert: CoreTextExpert } | undefined {
    for (const [id, expert] of this.#experts) {
      if (expert.identity === identity) return { id, expert };
    }
    return undefined;
  }

  dispose(): void {
    for (const id of [...this.#attaching.keys(), ...this.#experts.keys()]) this.end(id);
  }

  #end(id: number): void {
    this.#attaching.get(id)?.dispose();
    this.#attaching.delete(id);
  }
}

class Attaching {
  readonly #core: CoreAttaching;
  #source: Source | undefined;
  /** Of the source. */
  #first: Uint8Array | undefined;
  readonly #start: number;
  readonly total: number | undefined;
  loaded = 0;
  #verifiedMs: number | undefined;
  #firstLayerMs: number | undefined;

  private constructor(
    core: CoreAttaching,
    source: Source | undefined,
    total: number | undefined,
    start: number,
  ) {
    this.#core = core;
    this.#source = source;
    this.total = total;
    this.#start = start;
    this.#time();
  }

  static async begin(
    model: CoreTextModel,
    terms: AttachTerms,
    from: ExpertSource,
    start: number,
  ): Promise<Attaching> {
    if ("files" in from) {
      const files = await readAll(from.files);
      return new Attaching(model.attach(terms, { files }), undefined, undefined, start);
    }
    if ("size" in from) {
      return new Attaching(model.attach(terms, from), undefined, from.size, start);
    }
    const source = await reading(openSource(from.near, never));
    const bytes: ExpertBytes = { size: source.exact ? source.size : undefined };
    return new Attaching(model.attach(terms, bytes), source, source.size, start);
  }

  get done(): boolean {
    return this.#core.done;
  }

  /** Goes on for a while. Gives the range that somebody else has to read. */
  async advance(): Promise<Range | undefined> {
    const until = performance.now() + stepMs;
    while (!this.done && performance.now() < until) {
      const { wanted } = this.#core;
      if (wanted === undefined) {
        await this.feed(new Uint8Array());
      } else if (this.#source === undefined) {
        return { offset: wanted.offset, length: wanted.length };
      } else {
        await this.feed(await this.#read(this.#source, wanted));
      }
    }
    return undefined;
  }

  async feed(bytes: Uint8Array): Promise<void> {
    this.loaded += bytes.length;
    await this.#core.feed(bytes, (stored) =>
      stored.length < leastToHash ? undefined : platform.sha256(stored),
    );
    this.#time();
  }

  take(): { expert: CoreTextExpert; ready: Omit<ReadyExpert, "id"> } {
    const { expert, verdict, release, cached } = this.#core.take();
    const { description, brings } = expert;
    const readyMs = performance.now() - this.#start;
    const timings = {
      verifiedMs: this.#verifiedMs ?? readyMs,
      firstLayerMs: this.#firstLayerMs ?? readyMs,
      readyMs,
      cached,
    };
    return { expert, ready: { verdict, description, release, timings, brings } };
  }

  dispose(): void {
    this.#source?.close().catch(() => undefined);
    this.#core.dispose();
  }

  /** A length of 0 is all of what told no size. */
  async #read(source: Source, { offset, length }: Range): Promise<Uint8Array> {
    const end = offset + length;
    if (length > 0 && end <= firstBytes) {
      this.#first ??= Uint8Array.from(await reading(source.readAt(0, firstBytes)));
      return this.#first.subarray(offset, end);
    }
    if (length > 0) return reading(source.readAt(offset, length));
    const whole = await reading(sized(source));
    this.#source = whole;
    return reading(whole.readAt(0, whole.size));
  }

  #time(): void {
    const now = performance.now() - this.#start;
    if (this.#core.verified) this.#verifiedMs ??= now;
    if (this.#core.layersReady > 0) this.#firstLayerMs ??= now;
  }
}

async function readAll(
  files: Record<string, WorkerSource | Uint8Array>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const read = Object.entries(files).map(async ([name, from]): Promise<[string, Uint8Array]> => {
    if (ArrayBuffer.isView(from)) return [name, from];
    const source = await reading(openSource(from, never).then(sized));
    try {
      return [name, await reading(source.readAt(0, source.size))];
    } finally {
      await source.close();
    }
  });
  return new Map(await Promise.all(read));
}

async function reading<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (thrown) {
    throw sourceError(thrown, undefined);
  }
}
