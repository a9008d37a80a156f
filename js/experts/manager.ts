// Experts of a store and of a model: what is installed, what goes together, what is loaded, who answers.

import { AndonError } from "../errors.js";
import type { OpenOptions } from "../open.js";
import type { ModelSource } from "../source.js";
import type { AttachedExpert } from "../text/attached-expert.js";
import type { Message } from "../text/options.js";
import { storeOf, type TrustOptions } from "../trust.js";
import type { Verdict } from "../verdict.js";
import { admit, verifyPackage } from "./admission.js";
import { AnsweringExperts, type Embedder, type RoutedChatOptions } from "./answering.js";
import { priorityOf, type Installed, type InstalledExpert } from "./facts.js";
import { LoadedExperts, type ExpertLimits, type ExpertModel } from "./loaded-experts.js";
import type { LoadedExpert } from "./pool.js";
import type { Resolution } from "./resolve.js";
import { RoutedChat } from "./routed-chat.js";
import type { Route, RouteOptions } from "./router.js";
import { notInstalled, type ExpertStore } from "./store.js";

/** Whom to trust is said as in `open`. It is judged at every install, update, load and verify. */
export interface ExpertManagerOptions extends TrustOptions {
  store: ExpertStore;
  /** What experts are attached to. Without one they can be kept and chosen, and not loaded. */
  model?: ExpertModel;
  limits?: ExpertLimits;
  /** Attaches experts also where they name another base model, as long as all shapes fit. Default: false. */
  anyBase?: boolean;
  /** Queries in the space of embeddings that packages bring, beside "andon-hash-1". */
  embedder?: Embedder;
}

export type InstallOptions = Pick<OpenOptions, "signal" | "onProgress">;

export interface UpdateOptions extends InstallOptions {
  /** Takes an update of another publisher than that of the installed expert as well. Default: false. */
  anyPublisher?: boolean;
}

interface Refused {
  name: string;
  error: AndonError;
  verdict?: undefined;
}

/** What became of one expert. */
export type Outcome = { name: string; verdict: Verdict; error?: undefined } | Refused;

/**
 * Ten lines from a package to an answer:
 *
 * ```ts
 * const experts = new ExpertManager({ store: await openExpertStore(), trust, model });
 * await experts.install("sql.expert");
 * for await (const part of experts.chat([{ role: "user", content: "How many orders are open?" }])) ...
 * ```
 *
 * What other programs change in the store is seen after `list()`.
 */
export class ExpertManager {
  readonly #store: ExpertStore;
  readonly #trust: TrustOptions;
  readonly #loaded: LoadedExperts;
  readonly #answering: AnsweringExperts;
  #installed: Promise<Installed> | undefined;

  /** @throws AndonError `InvalidArgument` */
  constructor({
    store,
    model,
    limits = {},
    anyBase = false,
    embedder,
    ...trust
  }: ExpertManagerOptions) {
    this.#store = store;
    this.#trust = trust;
    this.#loaded = new LoadedExperts({ store, model, limits, trust, anyBase });
    this.#answering = new AnsweringExperts(this.#loaded, model, embedder);
  }

  /** What is installed, by name; sorted. */
  async list(): Promise<InstalledExpert[]> {
    this.#installed = undefined;
    return [...(await this.#held()).values()];
  }

  /**
   * Takes a package into the store, once every byte and every section of it was verified.
   *
   * @throws AndonError `ExpertInstalled`, those of `open` with a `verdict`, `ModelVersionInvalid`, `RequirementMalformed`
   */
  async install(source: ModelSource, options: InstallOptions = {}): Promise<InstalledExpert> {
    const { bytes, expert } = await admit(source, { ...options, trust: this.#trust });
    await this.#changing(
      this.#store.put(expert, bytes, (installed) => {
        const held = installed.get(expert.name);
        if (held === undefined) return;
        const what = `${held.name} ${held.version}`;
        throw new AndonError("ExpertInstalled", `expert: ${what} is installed; update it`);
      }),
    );
    return expert;
  }

  /**
   * Puts a newer version, by the same publisher, in the place of an installed expert.
   *
   * @throws AndonError as `install`; `ExpertNotInstalled`, `ExpertNotNewer`, `Rollback`, `Downgrade`,
   *   `PublisherChanged`, `ExpertRequired` where another one could not use it, `ExpertInUse`
   */
  async update(source: ModelSource, options: UpdateOptions = {}): Promise<InstalledExpert> {
    const { anyPublisher = false, ...reading } = options;
    const { bytes, expert } = await admit(source, { ...reading, trust: this.#trust });
    const { requireSuccessor } = await import("./succession.js");
    const keys = (await storeOf(this.#trust)?.keys()) ?? [];
    await this.#loaded.drop(expert.name);
    await this.#changing(
      this.#store.put(expert, bytes, (installed) => {
        const held = requireInstalled(installed, expert.name);
        requireSuccessor(expert, held, installed, { keys, anyPublisher });
      }),
    );
    return expert;
  }

  /** `force`: also where others require it. @throws AndonError `ExpertNotInstalled`, `ExpertRequired`, `ExpertInUse` */
  async remove(name: string, { force = false } = {}): Promise<void> {
    const { requireNoDependents } = await import("./succession.js");
    await this.#loaded.drop(name);
    await this.#changing(
      this.#store.remove(name, (installed) => {
        if (!force) requireNoDependents(name, installed);
      }),
    );
  }

  /** Verifies packages anew, every byte of them, by default of all experts. Refusals are told, not thrown. */
  async verify(names?: readonly string[], options: InstallOptions = {}): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const name of names ?? (await this.#held()).keys()) {
      try {
        const { bytes } = await this.#store.read(name);
        const verdict = await verifyPackage(bytes, { ...options, trust: this.#trust });
        outcomes.push({ name, verdict });
      } catch (error) {
        if (!(error instanceof AndonError)) throw error;
        outcomes.push({ name, error });
      }
    }
    return outcomes;
  }

  /** All that has to be loaded for these experts, in its order; or every reason why they do not go together. */
  async resolve(names: readonly string[]): Promise<Resolution> {
    const { resolveExperts } = await import("./resolve.js");
    return resolveExperts(await this.#held(), names);
  }

  /** What is loaded, the least recently used first. */
  get loaded(): readonly LoadedExpert[] {
    return this.#loaded.list();
  }

  /**
   * Attaches an expert to the model, after what it requires. It is verified by today's trust, and stays until its room is
   * needed.
   *
   * @throws AndonError those of resolving, `ExpertChanged`, `ExpertBudget`, `ModelNotLoaded`, and of `attach`
   */
  async load(name: string, options: { signal?: AbortSignal } = {}): Promise<AttachedExpert> {
    const held = await this.#loaded.hold(await this.#held(), [name], options.signal);
    const attached = held.experts.get(name) as AttachedExpert;
    held.release();
    return attached;
  }

  /** Detaches an expert, by default all that nothing uses. @throws AndonError `ExpertInUse` */
  async unload(name?: string): Promise<void> {
    if (name !== undefined) return this.#loaded.drop(name);
    for (const expert of this.loaded) if (!expert.inUse) await this.#loaded.drop(expert.name);
  }

  /**
   * Loads experts while there is room, those of the highest priority first; by default all. What is refused is told, and
   * the others are loaded all the same.
   */
  async preload(names?: readonly string[]): Promise<{ loaded: string[]; refused: Refused[] }> {
    const installed = await this.#held();
    const wanted = names?.map((name) => requireInstalled(installed, name));
    const refused: Refused[] = [];
    for (const { name } of [...(wanted ?? installed.values())].sort(byPriority)) {
      try {
        if (await this.#loaded.hasRoomFor(installed, name)) await this.load(name);
      } catch (error) {
        if (!(error instanceof AndonError)) throw error;
        refused.push({ name, error });
      }
    }
    return { loaded: this.loaded.map(({ name }) => name), refused };
  }

  /** Which expert a question is for, and why. */
  async route(query: string, options: RouteOptions = {}): Promise<Route> {
    return this.#answering.route(await this.#held(), query, options);
  }

  /**
   * Answers a conversation by the expert that its last question is for, or by those that are named; by the base model
   * where none fits. The experts stay loaded while they write.
   */
  chat(messages: readonly Message[], options: RoutedChatOptions = {}): RoutedChat {
    return new RoutedChat(async () =>
      this.#answering.prepare(await this.#held(), messages, options),
    );
  }

  async #held(): Promise<Installed> {
    this.#installed ??= this.#store.list();
    try {
      return await this.#installed;
    } catch (thrown) {
      this.#installed = undefined; // a caller can retry
      throw thrown;
    }
  }

  async #changing(change: Promise<void>): Promise<void> {
    try {
      await change;
    } finally {
      this.#installed = undefined;
    }
  }
}

/** Errors: ExpertNotInstalled. */
function requireInstalled(installed: Installed, name: string): InstalledExpert {
  const held = installed.get(name);
  if (held === undefined) throw notInstalled(name);
  return held;
}

function byPriority(a: InstalledExpert, b: InstalledExpert): number {
  const [first, second] = [a, b].map(({ manifest }) => priorityOf(manifest)) as [number, number];
  return second - first || (a.name < b.name ? -1 : 1);
}
