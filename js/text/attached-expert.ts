import type { ExpertDescription, ExpertManifest } from "../expert-description.js";
import { AndonError } from "../errors.js";
import { dispose, holding, ours, ownedBy, requireOurs } from "../handle.js";
import type { Verdict } from "../verdict.js";
import type { ModelCalls } from "./model-calls.js";
import type { ExpertMemory, ReadyExpert } from "./protocol.js";

/** Milliseconds since `attach` was called. */
export interface AttachTimings {
  /** The head was read, its signature and trust were judged. */
  verifiedMs: number;
  /** The first layer was ready; that of `readyMs` where the expert was kept from an earlier time, or has none. */
  firstLayerMs: number;
  readyMs: number;
  /** Whether its adapter was still in memory: nothing but the head was read again. */
  cached: boolean;
}

/** An expert as a session uses it: by itself, or with how much of it is used. */
export type ExpertUse = AttachedExpert | { expert: AttachedExpert; weight?: number };

/** What an expert is in its worker, and for sessions of the same model. @internal */
export interface ExpertRef {
  calls: ModelCalls;
  id: number;
}

/**
 * A verified expert, attached to a language model: sessions of that model use it by `experts`. The weights of the
 * model stay as they are.
 */
export class AttachedExpert {
  readonly kind = "attached-expert";
  readonly verdict: Verdict;
  readonly description: ExpertDescription;
  readonly timings: AttachTimings;
  /** How much of it is used where a session says nothing else. */
  readonly weight: number;
  /** What it brings beside its adapter. */
  readonly brings: ReadyExpert["brings"];
  readonly #ref: ExpertRef;
  readonly #release: () => void;
  #attached = true;

  private constructor(
    token: symbol,
    ref: ExpertRef,
    { verdict, description, timings, brings }: ReadyExpert,
    weight: number,
  ) {
    requireOurs(token);
    this.verdict = verdict;
    this.description = description;
    this.timings = timings;
    this.brings = brings;
    this.weight = weight;
    this.#ref = ref;
    const { calls, id } = ref;
    this.#release = ownedBy(this, () => {
      calls.call("detachExpert", id).catch(() => undefined); // the worker may have ended before
    });
  }

  /** @internal */
  static of(calls: ModelCalls, ready: ReadyExpert, weight: number): AttachedExpert {
    return new AttachedExpert(ours, { calls, id: ready.id }, ready, weight);
  }

  get name(): string {
    return this.description.name;
  }

  get version(): string {
    return this.description.version;
  }

  get manifest(): ExpertManifest {
    return this.description.manifest;
  }

  /** Whether sessions can use it: until `detach()`. */
  get isAttached(): boolean {
    return this.#attached;
  }

  /** Bytes that it holds now. @throws AndonError `Disposed` */
  async memory(): Promise<ExpertMemory> {
    const { calls, id } = this.#live();
    return holding(this, calls.call("expertMemory", id));
  }

  /**
   * Sessions cannot use it any longer: what they write next is rejected with `Disposed` unless it names other
   * experts. Its adapter is kept for a while, so that attaching it again takes milliseconds.
   */
  async detach(): Promise<void> {
    this.dispose();
    const { calls, id } = this.#ref;
    await calls.call("detachExpert", id).catch(() => undefined); // it has happened when this is answered
  }

  /** `detach()`, without waiting. */
  dispose(): void {
    this.#attached = false;
    this.#release();
  }

  [dispose](): void {
    this.dispose();
  }

  /** @internal */
  get id(): number {
    return this.#ref.id;
  }

  /** Its number in the worker of a model. Errors: Disposed, ExpertForeign. @internal */
  idIn(calls: ModelCalls): number {
    const { id } = this.#live();
    if (this.#ref.calls === calls) return id;
    throw new AndonError(
      "ExpertForeign",
      `expert: "${this.name}" is attached to another language model`,
    );
  }

  #live(): ExpertRef {
    if (this.#attached) return this.#ref;
    throw new AndonError("Disposed", `the expert "${this.name}" was detached`);
  }
}
