// Copies of a language model that are being made, in its worker.

import { AndonError } from "../errors.js";
import type { ChosenExpert } from "./core-text-expert.js";
import type { CoreMerging } from "./core-text-merging.js";
import type { CoreTextModel } from "./core-text-model.js";
import type { ExpertChoice, MergeProgress } from "./protocol.js";

/** After so long the page is told how far it is. */
const stepMs = 25;

interface Merging {
  readonly model: CoreTextModel;
  readonly core: CoreMerging;
  /** GBNF of each expert. */
  readonly grammars: (string | undefined)[];
}

interface Made {
  made: CoreTextModel;
  grammars: (string | undefined)[];
}

export class MergeHost {
  readonly #merging = new Map<number, Merging>();
  #nextId = 0;

  /** Gives its number, and of how many matrices it is. Errors: those of ModelMerging. */
  begin(
    model: CoreTextModel,
    experts: readonly ChosenExpert[],
    use: ExpertChoice,
    maxMemory: number | undefined,
  ): { id: number; total: number } {
    const core = model.merge(experts, use, maxMemory);
    const grammars = experts.map(({ expert }) => expert.grammar);
    this.#merging.set(this.#nextId, { model, core, grammars });
    return { id: this.#nextId++, total: core.total };
  }

  /** Errors: WeightNotFinite. */
  continue(id: number): MergeProgress | Made {
    const merging = this.#merging.get(id);
    if (merging === undefined) throw new AndonError("Internal", "worker: no such merging");
    const { model, core, grammars } = merging;
    try {
      core.step(stepMs);
      const { merged, total } = core;
      if (merged < total) return { merged, total };
      const made = model.copied(core.finish());
      this.end(id);
      return { made, grammars };
    } catch (thrown) {
      this.end(id);
      throw thrown;
    }
  }

  end(id: number): void {
    this.#merging.get(id)?.core.dispose();
    this.#merging.delete(id);
  }

  dispose(): void {
    for (const id of this.#merging.keys()) this.end(id);
  }
}
