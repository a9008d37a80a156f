// Experts on their way into a copy of a model, in wasm memory.

import type { TextMerging, TextModel } from "../wasm/andon-text.mjs";
import { requireOk } from "../errors.js";
import type { CoreText } from "./core-text.js";
import type { ChosenExpert } from "./core-text-expert.js";
import type { ExpertChoice } from "./protocol.js";

export class CoreMerging {
  readonly #core: CoreText;
  readonly #handle: TextMerging;

  /** Errors: those of ModelMerging. */
  constructor(
    core: CoreText,
    model: TextModel,
    experts: readonly ChosenExpert[],
    use: Omit<ExpertChoice, "experts">,
    maxMemory: number | undefined,
  ) {
    this.#core = core;
    this.#handle = core.withChoice(experts, use, (choice) =>
      core.run((module) => new module.TextMerging(model, choice, maxMemory ?? -1)),
    );
    try {
      requireOk(this.#handle);
    } catch (thrown) {
      this.dispose();
      throw thrown;
    }
  }

  /** Matrices. */
  get merged(): number {
    return this.#handle.merged();
  }

  get total(): number {
    return this.#handle.total();
  }

  /** Merges for `ms` milliseconds, or one matrix. Errors: WeightNotFinite. */
  step(ms: number): void {
    const until = performance.now() + ms;
    while (this.merged < this.total) {
      this.#core.run(() => {
        this.#handle.step();
      });
      requireOk(this.#handle);
      if (performance.now() >= until) return;
    }
  }

  /** The copy, once. */
  finish(): TextModel {
    return this.#core.run(() => this.#handle.finish());
  }

  dispose(): void {
    this.#core.release(this.#handle);
  }
}
