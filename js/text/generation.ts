import { abortable } from "../abort.js";
import { ours, requireOurs } from "../handle.js";
import type { FinishReason, GenerationCounts, GenerationResult, Part } from "./options.js";
import type { Order } from "./order.js";
import type { Begun, Ended, Step } from "./protocol.js";

/** What writes: a session whose turn it is. */
export interface Writer {
  begin(): Promise<Begun>;
  step(): Promise<Step>;
  end(): Promise<Ended>;
  /** The next may have its turn. */
  leave(): void;
}

export interface WriterSource {
  /** Waits for the turn of the session. Rejects with the reason of the order's signal. */
  enter(order: Order): Promise<Writer>;
}

/**
 * A text while it is written. It begins when it is first asked for something, and goes on as it is read:
 * iterate over its parts, or wait for `text()` or `result()`. Its parts come once.
 *
 * @throws AndonError of the model, or the reason of `signal`
 */
export class Generation implements AsyncIterable<Part> {
  readonly #parts: AsyncGenerator<Part, void, undefined>;
  readonly #order: Order;
  readonly #source: WriterSource;
  #stopped = false;
  #text = "";
  readonly #tokens: number[] = [];
  #begun: Begun = { promptTokens: 0, cachedTokens: 0 };
  #reason: FinishReason = "cancelled";
  #completed = false;
  #times: Ended = { promptMs: 0, decodeMs: 0 };
  #failure: { thrown: unknown } | undefined;

  private constructor(token: symbol, order: Order, source: WriterSource) {
    requireOurs(token);
    this.#order = order;
    this.#source = source;
    this.#parts = this.#write();
  }

  /** @internal */
  static of(order: Order, source: WriterSource): Generation {
    return new Generation(ours, order, source);
  }

  [Symbol.asyncIterator](): AsyncGenerator<Part, void, undefined> {
    return this.#parts;
  }

  /** All of the text, when it is complete. */
  async text(): Promise<string> {
    return (await this.result()).text;
  }

  /** The text, why it ended, and its numbers. */
  async result(): Promise<GenerationResult> {
    while ((await this.#parts.next()).done !== true) continue;
    if (this.#failure !== undefined) throw this.#failure.thrown;
    const text = this.#text;
    return { text, tokens: [...this.#tokens], finishReason: this.#reason, ...this.#counts() };
  }

  /** Ends the text with what there is, within a few milliseconds; its reason is then `cancelled`. */
  stop(): void {
    this.#stopped = true;
  }

  async *#write(): AsyncGenerator<Part, void, undefined> {
    const writer = await this.#source.enter(this.#order);
    try {
      yield* this.#steps(writer, this.#order.given.signal);
    } catch (thrown) {
      this.#failure = { thrown };
      throw thrown;
    } finally {
      // The worker does one call after the other, so the next turn may begin before this is answered.
      const ending = writer.end();
      writer.leave();
      if (this.#failure === undefined) this.#times = await ending;
      else ending.catch(() => undefined); // an abort does not wait
    }
    yield { type: "finish", reason: this.#reason, ...this.#counts() };
  }

  async *#steps(writer: Writer, signal?: AbortSignal): AsyncGenerator<Part, void, undefined> {
    this.#begun = await abortable(writer.begin(), signal);
    while (!this.#stopped && this.#reason === "cancelled") {
      const step = await abortable(writer.step(), signal);
      for (const part of partsOf(step)) {
        signal?.throwIfAborted();
        if (part.type === "text") this.#text += part.text;
        if (part.type === "token") this.#tokens.push(part.id);
        yield part;
      }
      if (step.finish !== undefined) this.#reason = step.finish;
      this.#completed = step.completed;
    }
  }

  #counts(): GenerationCounts {
    const { promptMs, decodeMs } = this.#times;
    const { promptTokens, cachedTokens } = this.#begun;
    const completionTokens = this.#tokens.length;
    return {
      ...this.#begun,
      completionTokens,
      ...this.#times,
      promptTokensPerSecond: rate(promptTokens - cachedTokens, promptMs),
      tokensPerSecond: rate(completionTokens - 1, decodeMs),
      seed: this.#order.sampling.seed,
      completed: this.#completed,
    };
  }
}

function* partsOf(step: Step): Generator<Part, void, undefined> {
  if (step.promptTotal > 0) {
    yield { type: "prompt", done: step.promptDone, total: step.promptTotal };
  }
  for (const token of step.tokens) {
    yield { type: "token", ...token };
    if (token.text !== "") yield { type: "text", text: token.text };
  }
  if (step.rest !== "") yield { type: "text", text: step.rest };
}

function rate(tokens: number, ms: number): number {
  return ms > 0 ? (tokens * 1000) / ms : 0;
}
