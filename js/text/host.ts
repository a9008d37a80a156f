// One language model and its sessions, beside the core, in its worker.

import { AndonError } from "../errors.js";
import type { CoreText } from "./core-text.js";
import type { CoreTextModel, Grammar } from "./core-text-model.js";
import type { CoreTextSession } from "./core-text-session.js";
import { conversationParts } from "./chat-text.js";
import { ExpertHost } from "./expert-host.js";
import { Loading } from "./loading.js";
import { MergeHost } from "./merge-host.js";
import { openEnvelope, sealEnvelope } from "./saved-experts.js";
import type {
  AttachStep,
  AttachTerms,
  BeginWish,
  Begun,
  Ended,
  ExpertChoice,
  ExpertMemory,
  ExpertSource,
  GrammarChoice,
  LoadTerms,
  MergeStep,
  MergeWish,
  OpenedText,
  Prompt,
  SessionInfo,
  SessionShape,
  Step,
  TextCalls,
  TextMemory,
  WorkerSource,
} from "./protocol.js";
import type { Pooling } from "./options.js";

/** What a step takes at most, unless one token or one batch takes longer. */
const stepMs = 15;

/** A session, and the experts that it was told. */
interface UsedSession {
  readonly session: CoreTextSession;
  use: ExpertChoice;
}

export class TextHost implements Promised<TextCalls> {
  readonly #core: CoreText;
  /** Gives another model of the worker its number. */
  readonly #addModel: (host: TextHost) => number;
  #loading: Loading | undefined;
  #model: CoreTextModel | undefined;
  readonly #experts = new ExpertHost();
  readonly #merging = new MergeHost();
  readonly #sessions = new Map<number, UsedSession>();
  #nextSession = 0;

  /** Of one that is to be loaded unless it is there. */
  constructor(core: CoreText, addModel: (host: TextHost) => number, model?: CoreTextModel) {
    this.#core = core;
    this.#addModel = addModel;
    this.#model = model;
  }

  beginLoading(terms: LoadTerms): void {
    this.#loading = new Loading(this.#core, terms);
  }

  beginFile(file: { name: string; size: number }): void {
    required(this.#loading).begin(file);
  }

  openFile(file: { name: string; source: WorkerSource }): Promise<{ size: number }> {
    return required(this.#loading).open(file);
  }

  push(bytes: Uint8Array): Promise<void> {
    return required(this.#loading).push(bytes);
  }

  readFile(): Promise<{ loaded: number; done: boolean }> {
    return required(this.#loading).read();
  }

  endFile(): Promise<void> {
    return required(this.#loading).end();
  }

  finishLoading(): OpenedText {
    this.#model = required(this.#loading).finish();
    this.#loading = undefined;
    return this.#model.opened;
  }

  memory(): TextMemory {
    const { weightBytes } = this.#opened().opened.description;
    return { total: this.#core.memory.byteLength, weights: weightBytes };
  }

  encode(wish: { text: string; special: boolean }): Uint32Array {
    return this.#opened().encode([wish]);
  }

  decode({ tokens, special }: { tokens: Uint32Array; special: boolean }): string {
    return this.#opened().decode(tokens, special);
  }

  pieces(tokens: Uint32Array): string[] {
    const model = this.#opened();
    return Array.from(tokens, (token) => model.piece(token));
  }

  embed({ text, pooling }: { text: string; pooling: Pooling }): Float32Array {
    const model = this.#opened();
    return model.embed(model.encodeWhole(text), pooling);
  }

  attachExpert(wish: AttachTerms & { source: ExpertSource }): Promise<AttachStep> {
    return this.#experts.attach(this.#opened(), wish);
  }

  continueAttach(wish: { id: number; bytes: Uint8Array | undefined }): Promise<AttachStep> {
    return this.#experts.continue(wish);
  }

  endAttach(id: number): void {
    this.#experts.end(id);
  }

  detachExpert(id: number): void {
    this.#experts.detach(id);
  }

  expertMemory(id: number): ExpertMemory {
    return this.#experts.memory(id);
  }

  /** Errors: those of ModelMerging. */
  beginMerge({ use, maxMemory }: MergeWish): { id: number; total: number } {
    return this.#merging.begin(this.#opened(), this.#experts.chosen(use), use, maxMemory);
  }

  /** Errors: WeightNotFinite. */
  continueMerge(id: number): MergeStep {
    const step = this.#merging.continue(id);
    if (!("made" in step)) return step;
    const { made, grammars } = step;
    const model = this.#addModel(new TextHost(this.#core, this.#addModel, made));
    return { model, opened: made.opened, grammars };
  }

  endMerge(id: number): void {
    this.#merging.end(id);
  }

  openSession({ use, ...shape }: SessionShape & { use: ExpertChoice }): SessionInfo {
    const session = this.#opened().session(shape);
    try {
      session.use(this.#experts.chosen(use), use);
    } catch (thrown) {
      session.dispose();
      throw thrown;
    }
    return this.#add({ session, use });
  }

  /** Errors: SessionForeign where an expert is not attached. */
  restoreSession(saved: Uint8Array): SessionInfo {
    const { use, core } = openEnvelope(saved, this.#experts);
    const session = this.#opened().restore(core, this.#experts.chosen(use), use);
    return this.#add({ session, use });
  }

  fork(id: number): SessionInfo {
    const { session, use } = this.#used(id);
    return this.#add({ session: session.fork(), use });
  }

  closeSession(session: number): void {
    this.#sessions.get(session)?.session.dispose();
    this.#sessions.delete(session);
  }

  tokens(session: number): Uint32Array {
    return this.#session(session).tokens();
  }

  truncate({ session, length }: { session: number; length: number }): void {
    this.#session(session).truncate(length);
  }

  save(id: number): Uint8Array {
    const { session, use } = this.#used(id);
    return sealEnvelope(session.save(), use, this.#experts);
  }

  begin(wish: BeginWish): Begun {
    const session = this.#sessionWith(wish);
    const grammar = this.#grammarOf(wish.grammar);
    if ("messages" in wish.prompt) {
      const tokens = this.#conversationTokens(session, wish.prompt);
      const common = commonLength(session.tokens(), tokens);
      session.truncate(common);
      return session.begin(tokens.subarray(common), wish.sampling, grammar);
    }
    return session.begin(this.#promptTokens(session, wish.prompt), wish.sampling, grammar);
  }

  step(session: number): Step {
    return this.#session(session).step(stepMs);
  }

  end(session: number): Ended {
    return this.#session(session).end();
  }

  /** Frees the model and all that was made for it. */
  dispose(): void {
    for (const session of this.#sessions.keys()) this.closeSession(session);
    this.#merging.dispose();
    this.#experts.dispose();
    this.#model?.dispose();
    this.#model = undefined;
  }

  #opened(): CoreTextModel {
    return required(this.#model);
  }

  #promptTokens(
    session: CoreTextSession,
    prompt: { text: string } | { tokens: Uint32Array },
  ): Uint32Array {
    if ("tokens" in prompt) return prompt.tokens;
    const { text } = prompt;
    const model = this.#opened();
    return session.length === 0
      ? model.encodeFirst(text, session)
      : model.encode([{ text, special: false }], session.tokens().at(-1), session);
  }

  /** Errors: TemplateMissing, TemplateFailed. */
  #conversationTokens(
    session: CoreTextSession,
    prompt: Extract<Prompt, { messages: unknown }>,
  ): Uint32Array {
    const model = this.#opened();
    const { chatTemplate, tokenizer } = model.opened.description;
    const template = prompt.template ?? chatTemplate;
    if (template === null) {
      throw new AndonError("TemplateMissing", "model: it has no chat template, and none was given");
    }
    const { messages, variables } = prompt;
    const textOf = (token: number | null): string => (token === null ? "" : model.piece(token));
    const parts = conversationParts({
      template,
      messages,
      variables,
      controlTexts: session.controlTexts ?? model.controlTexts,
      begin: textOf(tokenizer.begin),
      end: textOf(tokenizer.end),
    });
    return model.encode(parts, undefined, session);
  }

  /** The session, after it was told its experts. */
  #sessionWith({ session: id, use }: BeginWish): CoreTextSession {
    const used = this.#used(id);
    if (JSON.stringify(use) !== JSON.stringify(used.use)) {
      used.session.use(this.#experts.chosen(use), use);
      used.use = use;
    }
    return used.session;
  }

  #grammarOf(choice: GrammarChoice): Grammar | undefined {
    if (choice === undefined || !("expert" in choice)) return choice;
    return this.#experts.get(choice.expert);
  }

  #add({ session, use }: UsedSession): SessionInfo {
    const id = this.#nextSession++;
    this.#sessions.set(id, { session, use });
    return { id, context: session.context, length: session.length, use };
  }

  /** Errors: Disposed. */
  #session(id: number): CoreTextSession {
    return this.#used(id).session;
  }

  /** Errors: Disposed. */
  #used(id: number): UsedSession {
    const used = this.#sessions.get(id);
    if (used !== undefined) return used;
    throw new AndonError("Disposed", "the session was disposed of");
  }
}

/** The same calls, some of which take their time. */
export type Promised<Calls> = {
  [Name in keyof Calls]: Calls[Name] extends (argument: infer Argument) => infer Answer
    ? (argument: Argument) => Answer | Promise<Answer>
    : never;
};

function commonLength(a: Uint32Array, b: Uint32Array): number {
  const differs = a.findIndex((token, i) => token !== b[i]);
  return differs < 0 ? Math.min(a.length, b.length) : differs;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new AndonError("Internal", "worker: a call out of order");
  return value;
}
