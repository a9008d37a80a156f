// Installed experts on their way into a model, and there.

import { AndonError } from "../errors.js";
import type { AttachedExpert } from "../text/attached-expert.js";
import type { LanguageModel } from "../text/language-model.js";
import type { TrustOptions } from "../trust.js";
import { claimsOf, mostExperts, type Installed, type InstalledExpert } from "./facts.js";
import { ExpertPool, type LoadedExpert } from "./pool.js";
import type { ExpertStore } from "./store.js";

export type ExpertModel = Pick<LanguageModel, "attach" | "chat">;

export interface ExpertLimits {
  /** Experts loaded at once. Default and most: 10. */
  count?: number;
  /** Bytes that they hold together. Default: 512 MiB. */
  bytes?: number;
}

const defaultBytes = 512 * 2 ** 20;

export interface LoadTerms {
  store: ExpertStore;
  model: ExpertModel | undefined;
  limits: ExpertLimits;
  trust: TrustOptions;
  anyBase: boolean;
}

/** Experts that stay loaded until they are released. */
export interface HeldExperts {
  /** By name, in the order in which they were loaded. */
  experts: ReadonlyMap<string, AttachedExpert>;
  /** Once. */
  release: () => void;
}

export class LoadedExperts {
  readonly #terms: LoadTerms;
  readonly #pool: ExpertPool<AttachedExpert>;

  /** Errors: InvalidArgument. */
  constructor(terms: LoadTerms) {
    const { count = mostExperts, bytes = defaultBytes } = terms.limits;
    if (!(count >= 1 && count <= mostExperts && bytes >= 0)) {
      throw new AndonError("InvalidArgument", `limits: count is from 1 to ${mostExperts}`);
    }
    this.#terms = terms;
    this.#pool = new ExpertPool({ count, bytes });
  }

  list(): LoadedExpert[] {
    return this.#pool.list();
  }

  /** Experts and what they require. Errors: those of resolving, ExpertBudget, ModelNotLoaded, and of `attach`. */
  async hold(
    installed: Installed,
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<HeldExperts> {
    const order = await orderOf(installed, names);
    const experts = new Map<string, AttachedExpert>();
    const release = (): void => {
      for (const name of experts.keys()) this.#pool.release(name);
    };
    try {
      for (const name of order) {
        experts.set(name, await this.#pool.hold(name, () => this.#attach(name, signal)));
      }
    } catch (thrown) {
      release();
      throw thrown;
    }
    return { experts, release };
  }

  /** Whether an expert would be loaded without any other having to go. Errors: those of resolving. */
  async hasRoomFor(installed: Installed, name: string): Promise<boolean> {
    const coming = (await orderOf(installed, [name])).filter((each) => !this.#pool.has(each));
    const bytes = coming.reduce((sum, each) => sum + (installed.get(each)?.adapterBytes ?? 0), 0);
    return this.#pool.hasRoomFor(coming.length, bytes);
  }

  /** Errors: ExpertInUse. */
  drop(name: string): Promise<void> {
    return this.#pool.drop(name);
  }

  /** The package is verified in the memory of the model, by today's trust; what the list says must be what it says. */
  async #attach(
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<{ attached: AttachedExpert; bytes: number }> {
    const { store, model, trust, anyBase } = this.#terms;
    if (model === undefined) throw new AndonError("ModelNotLoaded", "experts: there is no model");
    const { expert, bytes } = await store.read(name);
    const options = { ...trust, anyBase, ...(signal === undefined ? {} : { signal }) };
    const attached = await model.attach(bytes, options);
    try {
      requireListed(attached, expert);
      return { attached, bytes: (await attached.memory()).total };
    } catch (thrown) {
      await attached.detach();
      throw thrown;
    }
  }
}

/** Errors: those of resolving, with every reason in the message. */
async function orderOf(installed: Installed, names: readonly string[]): Promise<readonly string[]> {
  const { resolveExperts } = await import("./resolve.js"); // which brings the library for versions
  const { order, refusals } = resolveExperts(installed, names);
  if (order !== undefined) return order;
  const [first] = refusals;
  const message = refusals.map((refusal) => refusal.message).join("; ");
  throw new AndonError(first?.code ?? "Internal", message);
}

/** Errors: ExpertChanged. */
function requireListed(attached: AttachedExpert, listed: InstalledExpert): void {
  const { name, version, manifest } = attached;
  const same =
    name === listed.name &&
    version === listed.version &&
    JSON.stringify(claimsOf(manifest)) === JSON.stringify(listed.manifest);
  if (same) return;
  throw new AndonError(
    "ExpertChanged",
    `expert '${listed.name}': the list says other than it does`,
  );
}
