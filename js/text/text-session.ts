import { AndonError } from "../errors.js";
import { dispose, holding, ours, ownedBy, requireOurs } from "../handle.js";
import { chosenOf, choiceOf, grammarOf, withDecoding, type Chosen } from "./expert-choice.js";
import { Generation, type Writer } from "./generation.js";
import type { ChatOptions, GenerateOptions, Message } from "./options.js";
import { chatOrder, textOrder, type Order } from "./order.js";
import type { ModelCalls } from "./model-calls.js";
import type { Begun, SessionInfo } from "./protocol.js";
import { Turns } from "./turns.js";

/** The calls to the worker of a model, and the model, which lives as long as somebody uses it. */
export interface TextOwner {
  readonly calls: ModelCalls;
  readonly model: object;
}

/**
 * One text that a model reads and writes, with what was computed of it. What is asked of a session happens in the
 * order in which it was asked.
 *
 * @throws AndonError `Disposed` after `dispose()` or that of the model, `WorkerFailed`
 */
export class TextSession {
  /** Positions in all. */
  readonly context: number;
  readonly #owner: TextOwner;
  readonly #id: number;
  readonly #turns = new Turns();
  readonly #release: () => void;
  #chosen: Chosen;
  #disposed = false;

  private constructor(token: symbol, owner: TextOwner, info: SessionInfo, chosen: Chosen) {
    requireOurs(token);
    const { id, context } = info;
    this.context = context;
    this.#owner = owner;
    this.#chosen = chosen;
    this.#id = id;
    const { calls } = owner;
    this.#release = ownedBy(this, () => {
      calls.call("closeSession", id).catch(() => undefined); // the worker may have ended before
    });
  }

  /** @internal */
  static of(owner: TextOwner, info: SessionInfo, chosen: Chosen): TextSession {
    return new TextSession(ours, owner, info, chosen);
  }

  /** Goes on after the text so far and `prompt`: a text, in which nothing is special, or tokens. */
  generate(prompt: string | Uint32Array, options: GenerateOptions = {}): Generation {
    return Generation.of(textOrder(prompt, options), this);
  }

  /**
   * Answers a conversation, told from its beginning. What it has in common with the text so far is not computed
   * again; the rest of that text is dropped.
   *
   * @throws AndonError `TemplateMissing`, `TemplateFailed`
   */
  chat(messages: readonly Message[], options: ChatOptions = {}): Generation {
    return Generation.of(chatOrder(messages, options), this);
  }

  /** @internal */
  async enter({ prompt, sampling, given }: Order): Promise<Writer> {
    const leave = await this.#turns.enter(given.signal);
    const session = this.#id;
    const { calls } = this.#owner;
    const begin = async (): Promise<Begun> => {
      const chosen = chosenOf(given, this.#chosen);
      const use = choiceOf(chosen, calls);
      const grammar = grammarOf(given.grammar, chosen, calls);
      const settled = withDecoding(sampling, given, chosen);
      this.#chosen = chosen;
      return calls.call("begin", { session, prompt, sampling: settled, use, grammar });
    };
    return {
      begin: () => this.#live(begin),
      step: () => this.#live(() => calls.call("step", session)),
      end: () => calls.call("end", session),
      leave,
    };
  }

  /** All tokens of the text. */
  tokens(): Promise<Uint32Array> {
    return this.#call((calls) => calls.call("tokens", this.#id));
  }

  /** Tokens in the text. */
  async length(): Promise<number> {
    return (await this.tokens()).length;
  }

  /** Keeps the first `length` tokens. @throws AndonError `InvalidArgument` */
  truncate(length: number): Promise<void> {
    return this.#call((calls) => calls.call("truncate", { session: this.#id, length }));
  }

  /** Another session with the same text; what was computed is shared. */
  async fork(): Promise<TextSession> {
    const info = await this.#call((calls) => calls.call("fork", this.#id));
    return TextSession.of(this.#owner, info, this.#chosen);
  }

  /** The text, what was computed and the state of sampling, for `restore` of the same model. */
  save(): Promise<Uint8Array> {
    return this.#call((calls) => calls.call("save", this.#id));
  }

  /** Frees the memory; what waits for its turn is rejected with `Disposed`. */
  dispose(): void {
    this.#disposed = true;
    this.#release();
  }

  [dispose](): void {
    this.dispose();
  }

  #call<T>(act: (calls: ModelCalls) => Promise<T>): Promise<T> {
    return this.#turns.run(() => this.#live(() => act(this.#owner.calls)));
  }

  async #live<T>(act: () => Promise<T>): Promise<T> {
    if (this.#disposed) throw new AndonError("Disposed", "the session was disposed of");
    return holding(this, act());
  }
}
