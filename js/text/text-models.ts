// The far end of protocol.ts: the model that was loaded, and those that were made from it.

import { AndonError, reasonOf } from "../errors.js";
import { CoreText } from "./core-text.js";
import { TextHost, type Promised } from "./host.js";
import type { ModelCall, TextCalls, TextStart, WorkerCalls } from "./protocol.js";

/** Each call has the argument of its name. */
type AnyCalls = Record<keyof TextCalls, (argument: unknown) => unknown>;

export class TextModels implements Promised<WorkerCalls> {
  readonly #hosts = new Map<number, TextHost>();
  #next = 0;

  /** Errors: StartFailed. */
  async start(start: TextStart): Promise<void> {
    try {
      const core = await CoreText.start(start);
      this.#add(new TextHost(core, (host) => this.#add(host)));
    } catch (thrown) {
      throw new AndonError("StartFailed", `core: ${reasonOf(thrown)}`);
    }
  }

  /** Errors: Disposed, and those of the model. */
  ask({ model, name, argument }: ModelCall): unknown {
    const host = this.#hosts.get(model);
    if (host === undefined) throw new AndonError("Disposed", "the model was disposed of");
    return (host as unknown as AnyCalls)[name](argument);
  }

  unload(model: number): void {
    this.#hosts.get(model)?.dispose();
    this.#hosts.delete(model);
  }

  #add(host: TextHost): number {
    this.#hosts.set(this.#next, host);
    return this.#next++;
  }
}
