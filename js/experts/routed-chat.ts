// An answer by the expert that a question is for.

import type { Generation } from "../text/generation.js";
import type { GenerationResult, Part } from "../text/options.js";
import type { Route } from "./router.js";

/** Which experts answer, and why. Empty: the base model does. */
export interface Routing {
  /** In the order in which they were loaded: the chosen one last. */
  experts: readonly string[];
  /** `undefined`: the caller named them. */
  route: Route | undefined;
}

export type RoutedPart = ({ type: "route" } & Routing) | Part;

export interface RoutedResult extends GenerationResult, Routing {}

/** A generation that may begin, and what lets go of its experts. */
export interface Prepared extends Routing {
  generation: Generation;
  release: () => void;
}

/**
 * As `Generation`; its first part is the route. It begins when it is first asked for something.
 *
 * @throws AndonError of the manager and of the model, or the reason of `signal`
 */
export class RoutedChat implements AsyncIterable<RoutedPart> {
  readonly #prepare: () => Promise<Prepared>;
  readonly #parts: AsyncGenerator<RoutedPart, void, undefined>;
  #prepared: Prepared | undefined;
  #failure: { thrown: unknown } | undefined;
  #stopped = false;

  /** @internal */
  constructor(prepare: () => Promise<Prepared>) {
    this.#prepare = prepare;
    this.#parts = this.#write();
  }

  [Symbol.asyncIterator](): AsyncGenerator<RoutedPart, void, undefined> {
    return this.#parts;
  }

  /** All of the text, when it is complete. */
  async text(): Promise<string> {
    return (await this.result()).text;
  }

  /** The text, who wrote it, why it ended, and its numbers. */
  async result(): Promise<RoutedResult> {
    while ((await this.#parts.next()).done !== true) continue;
    if (this.#failure !== undefined) throw this.#failure.thrown;
    const { generation, experts, route } = this.#prepared as Prepared;
    return { ...(await generation.result()), experts, route };
  }

  /** Ends the text with what there is; its reason is then `cancelled`. */
  stop(): void {
    this.#stopped = true;
    this.#prepared?.generation.stop();
  }

  async *#write(): AsyncGenerator<RoutedPart, void, undefined> {
    try {
      const { generation, experts, route, release } = (this.#prepared = await this.#prepare());
      if (this.#stopped) generation.stop();
      try {
        yield { type: "route", experts, route };
        yield* generation;
      } finally {
        release();
      }
    } catch (thrown) {
      this.#failure = { thrown };
      throw thrown;
    }
  }
}
