// Which experts answer a conversation: those that are named, or the one that the router chooses and the model can take.

import { AndonError } from "../errors.js";
import type { ErrorCode } from "../generated/error-codes.js";
import type { ChatOptions, Message, SessionOptions } from "../text/options.js";
import type { TextSession } from "../text/text-session.js";
import type { Installed } from "./facts.js";
import type { ExpertModel, HeldExperts, LoadedExperts } from "./loaded-experts.js";
import type { Prepared } from "./routed-chat.js";
import { Router, type Route, type RouteOptions } from "./router.js";

/** Makes vectors of texts, of the space that packages name in their ROUTER section. */
export interface Embedder {
  space: string;
  embed(text: string): Promise<Float32Array>;
}

export interface RoutedChatOptions extends Omit<ChatOptions & SessionOptions, "experts"> {
  /** Names of the experts that answer, the most important first; `[]`: the base model. Default: who is chosen. */
  experts?: readonly string[];
  /** How one is chosen. */
  route?: RouteOptions;
  /** The session that the conversation is in. Default: a new one. */
  session?: TextSession;
}

/** They say that an expert was made for another model, which is no fault of its own. */
const unfitting: ReadonlySet<ErrorCode> = new Set(["BaseModelMismatch", "BaseShapeMismatch"]);

export class AnsweringExperts {
  readonly #loaded: LoadedExperts;
  readonly #model: ExpertModel | undefined;
  readonly #embedder: Embedder | undefined;
  #router: { installed: Installed; router: Router } | undefined;
  /** SHA-256 of packages that the model could not take. */
  readonly #unfit = new Set<string>();

  constructor(
    loaded: LoadedExperts,
    model: ExpertModel | undefined,
    embedder: Embedder | undefined,
  ) {
    this.#loaded = loaded;
    this.#model = model;
    this.#embedder = embedder;
  }

  async route(installed: Installed, query: string, options: RouteOptions): Promise<Route> {
    if (this.#router?.installed !== installed) {
      const fitting = [...installed.values()].filter(({ sha256 }) => !this.#unfit.has(sha256));
      this.#router = { installed, router: new Router(fitting) };
    }
    const embedder = this.#embedder;
    if (embedder === undefined) return this.#router.router.route(query, options);
    const embedding = { space: embedder.space, vector: await embedder.embed(query) };
    return this.#router.router.route(query, { embedding, ...options });
  }

  /** Errors: ModelNotLoaded, those of loading. */
  async prepare(
    installed: Installed,
    messages: readonly Message[],
    { experts: named, route: routing = {}, session, ...options }: RoutedChatOptions,
  ): Promise<Prepared> {
    const writer = session ?? this.#model;
    if (writer === undefined) throw new AndonError("ModelNotLoaded", "experts: there is no model");
    const { signal } = options;
    const { held, route, first } =
      named === undefined
        ? await this.#choose(installed, lastQuestion(messages), routing, signal)
        : await this.#named(installed, named, signal);
    const experts = [...new Set([...first, ...held.experts.keys()])];
    try {
      const uses = experts.flatMap((name) => held.experts.get(name) ?? []);
      const generation = writer.chat(messages, { ...options, experts: uses });
      return { generation, experts, route, release: held.release };
    } catch (thrown) {
      held.release();
      throw thrown;
    }
  }

  async #named(
    installed: Installed,
    first: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Choice> {
    const held = await this.#loaded.hold(installed, first, signal);
    return { held, route: undefined, first };
  }

  /** The chosen one, unless it was made for another model: then the next. */
  async #choose(
    installed: Installed,
    question: string,
    options: RouteOptions,
    signal: AbortSignal | undefined,
  ): Promise<Choice> {
    for (;;) {
      const route = await this.route(installed, question, options);
      const first = route.expert === null ? [] : [route.expert];
      try {
        return { held: await this.#loaded.hold(installed, first, signal), route, first };
      } catch (thrown) {
        const chosen = installed.get(route.expert ?? "");
        if (chosen === undefined || !isUnfitting(thrown)) throw thrown;
        this.#unfit.add(chosen.sha256);
        this.#router = undefined;
      }
    }
  }
}

interface Choice {
  held: HeldExperts;
  route: Route | undefined;
  /** What only one expert can decide, such as the grammar, these decide first. */
  first: readonly string[];
}

function isUnfitting(thrown: unknown): boolean {
  return thrown instanceof AndonError && unfitting.has(thrown.code);
}

/** Errors: InvalidArgument. */
function lastQuestion(messages: readonly Message[]): string {
  const question = messages.findLast(({ role }) => role === "user");
  if (question !== undefined) return question.content;
  throw new AndonError("InvalidArgument", "messages: nobody asks anything");
}
