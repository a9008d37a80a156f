// The experts of the assistant: verified on their way in, and attached to its base.

import {
  AndonError,
  ExpertManager,
  memoryExpertStore,
  type AttachedExpert,
  type InstalledExpert,
  type LanguageModel,
  type TrustOptions,
  type Verdict,
} from "../andon.js";
import { wholeOf, type ExpertFile } from "./shipped.js";

/** An expert that may be attached. */
export interface Admitted {
  expert: InstalledExpert;
  verdict: Verdict;
}

export interface Attachment {
  expert: AttachedExpert;
  bytes: number;
}

export class Experts {
  readonly manager: ExpertManager;

  constructor(model: LanguageModel, trust: TrustOptions) {
    this.manager = new ExpertManager({ store: memoryExpertStore(), model, ...trust });
  }

  /** Verifies all of a package; a newer one takes the place of its expert. Errors: those of `install` and `update`. */
  async admit(file: ExpertFile, signal: AbortSignal): Promise<Admitted> {
    const { manager } = this;
    const content = await wholeOf(file.content);
    const expert = await manager.install(content, { signal }).catch((thrown: unknown) => {
      if (!(thrown instanceof AndonError) || thrown.code !== "ExpertInstalled") throw thrown;
      return manager.update(content, { signal });
    });
    const [outcome] = await manager.verify([expert.name], { signal });
    if (outcome?.verdict) return { expert, verdict: outcome.verdict };
    throw outcome?.error ?? new AndonError("Internal", `${expert.name}: nothing was verified`);
  }

  /** Errors: those of `load`. */
  async attach(name: string): Promise<Attachment> {
    const expert = await this.manager.load(name);
    return { expert, bytes: (await expert.memory()).total };
  }

  /** How many milliseconds it took. Errors: ExpertInUse. */
  async detach(name: string): Promise<number> {
    const start = performance.now();
    await this.manager.unload(name);
    return performance.now() - start;
  }

  /** Of an expert that is attached: whether answers are held to a grammar of its own. Errors: those of `load`. */
  async hasGrammar(name: string): Promise<boolean> {
    const { brings, manifest } = await this.manager.load(name);
    return brings.grammar && manifest.decoding?.use_grammar !== false;
  }

  attached(): Set<string> {
    return new Set(this.manager.loaded.map(({ name }) => name));
  }
}
