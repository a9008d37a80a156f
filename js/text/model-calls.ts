// The calls to one of the models in a worker, which ends with the last of them.

import type { AnswerOf, ArgumentOf, RemoteCalls } from "../calls.js";
import { AndonError } from "../errors.js";
import type { ModelCall, TextCalls, WorkerCalls } from "./protocol.js";

export class ModelCalls {
  readonly #worker: RemoteCalls<WorkerCalls>;
  readonly #model: number;
  /** Models of the worker that somebody uses. */
  readonly #used: Set<number>;

  private constructor(worker: RemoteCalls<WorkerCalls>, model: number, used: Set<number>) {
    this.#worker = worker;
    this.#model = model;
    this.#used = used.add(model);
  }

  /** To the one that the worker loads. */
  static of(worker: RemoteCalls<WorkerCalls>): ModelCalls {
    return new ModelCalls(worker, 0, new Set());
  }

  /** To one that was made from it. */
  beside(model: number): ModelCalls {
    return new ModelCalls(this.#worker, model, this.#used);
  }

  /** Errors: those of the far end, WorkerFailed, Disposed. */
  async call<Name extends keyof TextCalls>(
    name: Name,
    argument: ArgumentOf<TextCalls[Name]>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<AnswerOf<TextCalls[Name]>> {
    this.#requireUsed();
    const call = { model: this.#model, name, argument } as ModelCall;
    const answer = await this.#worker.call("ask", call, transfer);
    this.#requireUsed();
    return answer as AnswerOf<TextCalls[Name]>;
  }

  /** Frees the model; calls that wait are rejected with Disposed. May be called again. */
  close(): void {
    if (!this.#used.delete(this.#model)) return;
    if (this.#used.size === 0) this.#worker.close();
    else this.#worker.call("unload", this.#model).catch(() => undefined); // it may have ended
  }

  #requireUsed(): void {
    if (this.#used.has(this.#model)) return;
    throw new AndonError("Disposed", "the model was disposed of");
  }
}
