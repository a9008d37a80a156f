import { dispose, holding, ours, ownedBy, requireOurs } from "../handle.js";
import type { RemoteCalls } from "../calls.js";
import type { ModelSource } from "../source.js";
import type { Verdict } from "../verdict.js";
import { attachExpert } from "./attach.js";
import type { AttachOptions } from "./attach-options.js";
import type { AttachedExpert } from "./attached-expert.js";
import type { LanguageModelDescription, TextBuild } from "./description.js";
import { chosenOf, choiceOf } from "./expert-choice.js";
import { Generation, type WriterSource } from "./generation.js";
import type {
  ChatOptions,
  EmbedOptions,
  GenerateOptions,
  Message,
  SessionOptions,
} from "./options.js";
import { chatOrder, requirePooling, textOrder } from "./order.js";
import type { OpenedText, TextCalls, TextMemory } from "./protocol.js";
import { KnownExperts } from "./known-experts.js";
import { TextSession, type TextOwner } from "./text-session.js";

/**
 * A language model in a worker of its own, ready to write.
 *
 * @throws AndonError `Disposed` after `dispose()`, `WorkerFailed` when its worker ends unasked
 */
export class LanguageModel {
  readonly kind = "language-model";
  readonly verdict: Verdict;
  readonly description: LanguageModelDescription;
  /** Which build runs, and why. */
  readonly build: TextBuild;
  readonly #calls: RemoteCalls<TextCalls>;
  readonly #experts = new KnownExperts();
  readonly #release: () => void;

  private constructor(
    token: symbol,
    calls: RemoteCalls<TextCalls>,
    opened: OpenedText,
    build: TextBuild,
  ) {
    requireOurs(token);
    this.verdict = opened.verdict;
    this.description = opened.description;
    this.build = build;
    this.#calls = calls;
    this.#release = ownedBy(this, () => {
      calls.close();
    });
  }

  /** @internal */
  static of(calls: RemoteCalls<TextCalls>, opened: OpenedText, build: TextBuild): LanguageModel {
    return new LanguageModel(ours, calls, opened, build);
  }

  /**
   * Attaches an expert: a package of either version, or the files of a PEFT folder (in Node.js its path), which are
   * unsigned. Its head is verified before anything else is read, and every part of it before it is used.
   *
   * @throws AndonError as `open` for what is refused, with its `verdict`; `BaseModelMismatch`, `BaseShapeMismatch`,
   *   `PeftUnsupported`, `TokenizerDelta`, `OutOfMemory`; or the reason of `signal`. Nothing is attached then.
   */
  async attach(
    source: ModelSource | Readonly<Record<string, ModelSource>>,
    options: AttachOptions = {},
  ): Promise<AttachedExpert> {
    const expert = await holding(this, attachExpert(this.#calls, source, options));
    this.#experts.add(expert);
    return expert;
  }

  /** A text to read and write, empty. @throws AndonError `InvalidArgument`, `OutOfMemory` */
  async session(options: SessionOptions = {}): Promise<TextSession> {
    const { context = 0, cacheType = "f16" } = options;
    const chosen = chosenOf(options);
    const use = choiceOf(chosen, this.#calls);
    const info = await holding(this, this.#calls.call("openSession", { context, cacheType, use }));
    return TextSession.of(this.#owner(), info, chosen);
  }

  /**
   * A session that `save` gave. The experts that wrote it have to be attached.
   *
   * @throws AndonError `SessionMalformed`, `SessionForeign`, `OutOfMemory`
   */
  async restore(saved: Uint8Array): Promise<TextSession> {
    const info = await holding(this, this.#calls.call("restoreSession", saved));
    return TextSession.of(this.#owner(), info, this.#experts.chosenBy(info.use));
  }

  /** Goes on after `prompt`, in a session of its own. */
  generate(
    prompt: string | Uint32Array,
    options: GenerateOptions & SessionOptions = {},
  ): Generation {
    return Generation.of(textOrder(prompt, options), this.#alone(options));
  }

  /** Answers a conversation, in a session of its own. @throws AndonError `TemplateMissing`, `TemplateFailed` */
  chat(messages: readonly Message[], options: ChatOptions & SessionOptions = {}): Generation {
    return Generation.of(chatOrder(messages, options), this.#alone(options));
  }

  /** Tokens of a text. `special`: texts of special tokens become these; text from people must not. */
  async encode(text: string, { special = false } = {}): Promise<Uint32Array> {
    return holding(this, this.#calls.call("encode", { text, special }));
  }

  /** Text of tokens. `special`: those with a meaning of their own are written out. @throws AndonError `TokenOutOfRange` */
  async decode(tokens: Iterable<number>, { special = false } = {}): Promise<string> {
    return holding(this, this.#calls.call("decode", { tokens: Uint32Array.from(tokens), special }));
  }

  /** What each token stands for within a text; special ones are written out. @throws AndonError `TokenOutOfRange` */
  async pieces(tokens: Iterable<number>): Promise<string[]> {
    return holding(this, this.#calls.call("pieces", Uint32Array.from(tokens)));
  }

  /**
   * The last hidden state of a text, of length 1: that of its last token, or the mean of all. Where the model's
   * tokenizer says that texts end with a token, this is the last one.
   *
   * @throws AndonError `InvalidArgument`, `ContextFull`
   */
  async embed(text: string, { pooling = "last" }: EmbedOptions = {}): Promise<Float32Array> {
    requirePooling(pooling);
    return holding(this, this.#calls.call("embed", { text, pooling }));
  }

  /** Bytes that are held now. */
  async memory(): Promise<TextMemory> {
    return holding(this, this.#calls.call("memory", undefined));
  }

  /** Frees the memory and ends its worker; calls that wait are rejected with `Disposed`. */
  dispose(): void {
    this.#release();
  }

  [dispose](): void {
    this.dispose();
  }

  #owner(): TextOwner {
    return { calls: this.#calls, model: this };
  }

  /** A session for one text. */
  #alone(options: SessionOptions): WriterSource {
    return {
      enter: async (order) => {
        order.given.signal?.throwIfAborted();
        const session = await this.session(options);
        const writer = await session.enter(order);
        const leave = (): void => {
          writer.leave();
          session.dispose();
        };
        return { ...writer, leave };
      },
    };
  }
}
