import type { AttachedExpert } from "./attached-expert.js";
import type { Chosen } from "./expert-choice.js";
import type { ExpertChoice } from "./protocol.js";

/** The experts of a model by their numbers, as long as somebody else holds them. */
export class KnownExperts {
  readonly #experts = new Map<number, WeakRef<AttachedExpert>>();

  add(expert: AttachedExpert): void {
    for (const [id, known] of this.#experts) {
      if (known.deref()?.isAttached !== true) this.#experts.delete(id);
    }
    this.#experts.set(expert.id, new WeakRef(expert));
  }

  /** What a session that was saved had chosen. */
  chosenBy({ experts, softPrompt, calibration }: ExpertChoice): Omit<Chosen, "carried"> {
    const uses = experts.flatMap(({ id, weight }) => {
      const expert = this.#experts.get(id)?.deref();
      return expert === undefined ? [] : [{ expert, weight }];
    });
    return { uses, softPrompt, calibration };
  }
}
