// The far end of protocol.ts: one language model and its sessions, beside the core.

import { platform } from "#platform";
import { AndonError } from "../errors.js";
import { CoreText } from "./core-text.js";
import type { CoreTextModel } from "./core-text-model.js";
import type { CoreTextSession } from "./core-text-session.js";
import { conversationParts } from "./chat-text.js";
import { Loading } from "./loading.js";
import type {
  AttachStep,
  BeginWish,
  Begun,
  Ended,
  ExpertChoice,
  ExpertMemory,
  LoadTerms,
  OpenedText,
  Prompt,
  SessionInfo,
  SessionShape,
  Step,
  TextCalls,
  TextMemory,
  TextStart,
  WorkerSource,
} from "./protocol.js";
import type { Pooling } from "./options.js";

/** What a step takes at most, unless one token or one batch takes longer. */
const stepMs = 15;

export class TextHost implements Promised<TextCalls> {
  #core: CoreText | undefined;
  #loading: Loading | undefined;
  #model: CoreTextModel | undefined;
  readonly #sessions = new Map<number, CoreTextSession>();
  #nextSession = 0;

  async start(start: TextStart): Promise<void> {
    this.#core = await CoreText.start(start);
  }

  beginLoading(terms: LoadTerms): void {
    this.#loading = new Loading(required(this.#core), terms, platform.newHasher);
  }

  beginFile(file: { name: string; size: number }): void {
    required(this.#loading).begin(file);
  }

  openFile(file: { name: string; source: WorkerSource }): Promise<{ size: number }> {
    return required(this.#loading).open(file);
  }

  push(bytes: Uint8Array): void {
    required(this.#loading).push(bytes);
  }

  readFile(): Promise<{ loaded: number; done: boolean }> {
    return required(this.#loading).read();
  }

  endFile(): void {
    required(this.#loading).end();
  }

  finishLoading(): OpenedText {
    this.#model = required(this.#loading).finish();
    this.#loading = undefined;
    return this.#model.opened;
  }

  memory(): TextMemory {
    const { weightBytes } = this.#opened().opened.description;
    return { total: required(this.#core).memory.byteLength, weights: weightBytes };
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
    return model.embed(model.encodeFirst(text), pooling);
  }

  attachExpert(): AttachStep {
    throw new AndonError("Internal", "worker: this build attaches no experts");
  }

  continueAttach(): AttachStep {
    return this.attachExpert();
  }

  endAttach(): void {
    return;
  }

  detachExpert(): void {
    return;
  }

  expertMemory(): ExpertMemory {
    return { total: 0, adapter: 0 };
  }

  openSession(options: SessionShape & { use: ExpertChoice }): SessionInfo {
    return this.#add(this.#opened().session(options));
  }

  restoreSession(saved: Uint8Array): SessionInfo {
    return this.#add(this.#opened().restore(saved));
  }

  fork(session: number): SessionInfo {
    return this.#add(this.#session(session).fork());
  }

  closeSession(session: number): void {
    this.#sessions.get(session)?.dispose();
    this.#sessions.delete(session);
  }

  tokens(session: number): Uint32Array {
    return this.#session(session).tokens();
  }

  truncate({ session, length }: { session: number; length: number }): void {
    this.#session(session).truncate(length);
  }

  save(session: number): Uint8Array {
    return this.#session(session).save();
  }

  begin(wish: BeginWish): Begun {
    const session = this.#session(wish.session);
    if ("messages" in wish.prompt) {
      const tokens = this.#conversationTokens(wish.prompt);
      const common = commonLength(session.tokens(), tokens);
      session.truncate(common);
      return session.begin(tokens.subarray(common), wish.sampling);
    }
    return session.begin(this.#promptTokens(session, wish.prompt), wish.sampling);
  }

  step(session: number): Step {
    return this.#session(session).step(stepMs);
  }

  end(session: number): Ended {
    return this.#session(session).end();
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
      ? model.encodeFirst(text)
      : model.encode([{ text, special: false }], session.tokens().at(-1));
  }

  /** Errors: TemplateMissing, TemplateFailed. */
  #conversationTokens(prompt: Extract<Prompt, { messages: unknown }>): Uint32Array {
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
      controlTexts: model.controlTexts,
      begin: textOf(tokenizer.begin),
      end: textOf(tokenizer.end),
    });
    return model.encode(parts);
  }

  #add(session: CoreTextSession): SessionInfo {
    const id = this.#nextSession++;
    this.#sessions.set(id, session);
    const use = { experts: [], softPrompt: true, calibration: true };
    return { id, context: session.context, length: session.length, use };
  }

  /** Errors: Disposed. */
  #session(id: number): CoreTextSession {
    const session = this.#sessions.get(id);
    if (session !== undefined) return session;
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
