import { dispose, holding, ours, ownedBy, requireOurs } from "../handle.js";
import type { ModelSource } from "../source.js";
import type { Verdict } from "../verdict.js";
import { attachExpert } from "./attach.js";
import type { AttachOptions } from "./attach-options.js";
import type { AttachedExpert, ExpertUse } from "./attached-expert.js";
import type { LanguageModelDescription, TextBuild } from "./description.js";
import { chosenOf, choiceOf, nobody, type Brought, type Chosen } from "./expert-choice.js";
import { mergeExperts } from "./merge.js";
import type { MergeOptions } from "./merge-options.js";
import { Generation, type WriterSource } from "./generation.js";
import type {
  ChatOptions,
  EmbedOptions,
  GenerateOptions,
  Message,
  SessionOptions,
} from "./options.js";
import { chatOrder, requirePooling, textOrder } from "./order.js";
import type { ModelCalls } from "./model-calls.js";
import type { OpenedText, TextMemory } from "./protocol.js";
import { KnownExperts } from "./known-experts.js";
import { TextSession, type TextOwner } from "./text-session.js";

/**
 * A language model in a worker, which it shares with copies that `merge` made of it, ready to write.
 *
 * @throws AndonError `Disposed` after `dispose()`, `WorkerFailed` when its worker ends unasked
 */
export class LanguageModel {
  readonly kind = "language-model";
  readonly verdict: Verdict;
  readonly description: LanguageModelDescription;
  /** Which build runs, and why. */
  readonly build: TextBuild;
  readonly #calls: ModelCalls;
  /** What its texts begin with. */
  readonly #chosen: Chosen;
  readonly #experts = new KnownExperts();
  readonly #release: () => void;

  private constructor(
    token: symbol,
    calls: ModelCalls,
    opened: OpenedText,
    build: TextBuild,
    carried: readonly Brought[],
  ) {
    requireOurs(token);
    this.verdict = opened.verdict;
    this.description = opened.description;
    this.build = build;
    this.#calls = calls;
    this.#chosen = { ...nobody, carried };
    this.#release = ownedBy(this, () => {
      calls.close();
    });
  }

  /** @internal */
  static of(calls: ModelCalls, opened: OpenedText, build: TextBuild): LanguageModel {
    return new LanguageModel(ours, calls, opened, build, []);
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

  /**
   * A copy of the model that has these experts in its weights: it writes as fast as the base, and keeps their grammars,
   * decoding settings, calibration and added tokens as its own. It lives in the same worker and shares the weights that
   * do not change, and goes on after the model and the experts were disposed of; `dispose()` frees it.
   *
   * @throws AndonError `MergeUnsupported` for a soft prompt, `OutOfMemory` with the bytes that it needs,
   *   `WeightNotFinite`, `TokenizerDelta`, `TooManyExperts`, `ExpertForeign`, `InvalidArgument`; or the reason of
   *   `signal`. No copy is made then, and the model stays as it was.
   */
  async merge(experts: readonly ExpertUse[], options: MergeOptions = {}): Promise<LanguageModel> {
    const merging = mergeExperts(this.#calls, experts, options);
    const { calls, opened, carried } = await holding(this, merging);
    const all = [...carried, ...this.#chosen.carried];
    return new LanguageModel(ours, calls, opened, this.build, all);
  }

  /** A text to read and write, empty. @throws AndonError `InvalidArgument`, `OutOfMemory` */
  async session(options: SessionOptions = {}): Promise<TextSession> {
    const { context = 0, cacheType = "f16" } = options;
    const chosen = chosenOf(options, this.#chosen);
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
    const chosen = { ...this.#chosen, ...this.#experts.chosenBy(info.use) };
    return TextSession.of(this.#owner(), info, chosen);
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

  /** Frees the memory, and ends the worker with the last model in it; calls that wait are rejected with `Disposed`. */
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
