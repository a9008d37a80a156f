// A session in wasm memory, and what it writes.

import type { TextGeneration, TextSession, TextStep } from "../wasm/andon-text.mjs";
import { AndonError, requireOk } from "../errors.js";
import type { CoreText } from "./core-text.js";
import type { ChosenExpert } from "./core-text-expert.js";
import { bytesOf, type CoreTextModel, type Grammar } from "./core-text-model.js";
import type { FinishReason, TokenProbability } from "./options.js";
import type { Begun, Ended, ExpertChoice, Step } from "./protocol.js";
import type { Sampling } from "./sampling.js";

export class CoreTextSession {
  readonly #core: CoreText;
  readonly #model: CoreTextModel;
  readonly handle: TextSession;
  /** Those of the model and of its experts, where these add some. */
  controlTexts: readonly string[] | undefined;
  #writing: TextGeneration | undefined;
  #ended: Ended = { promptMs: 0, decodeMs: 0 };
  /** The first token, which takes what is left of the prompt, is not written yet. */
  #reading = true;

  private constructor(core: CoreText, model: CoreTextModel, handle: TextSession) {
    this.#core = core;
    this.#model = model;
    this.handle = handle;
  }

  /** Takes over the handle. Errors: what its making says. */
  static of(core: CoreText, model: CoreTextModel, handle: TextSession | null): CoreTextSession {
    if (handle === null) throw new AndonError("Internal", "core: no session");
    try {
      requireOk(handle);
    } catch (thrown) {
      handle.delete();
      throw thrown;
    }
    return new CoreTextSession(core, model, handle);
  }

  get context(): number {
    return this.handle.context();
  }

  get length(): number {
    return this.handle.length();
  }

  tokens(): Uint32Array {
    return this.#core.run(() => this.#core.tokens(this.handle.tokens()));
  }

  /** Errors: InvalidArgument. */
  truncate(length: number): void {
    if (!Number.isInteger(length) || length < 0 || length > this.length) {
      throw new AndonError("InvalidArgument", "truncate: not a length within the text");
    }
    this.#core.run(() => {
      this.handle.truncate(length);
    });
  }

  fork(): CoreTextSession {
    return this.#core.run(() =>
      CoreTextSession.of(this.#core, this.#model, this.handle.fork(this.length)),
    );
  }

  /** Writes with these experts from now on. Errors: InvalidArgument, ContextFull. */
  use(experts: readonly ChosenExpert[], { softPrompt, calibration }: ExpertChoice): void {
    this.#core.withChoice(experts, { softPrompt, calibration }, (choice) => {
      this.handle.use(choice);
    });
    requireOk(this.handle);
    const adding = experts.some(({ expert }) => expert.brings.tokens > 0);
    this.controlTexts = adding
      ? (this.#core.json(this.handle.controlTexts()) as string[])
      : undefined;
  }

  save(): Uint8Array {
    return this.#core.run(() => {
      const saved = this.#core.copy(this.handle.save());
      this.handle.dropSaved();
      return saved;
    });
  }

  /** Appends tokens and begins to write after them. Errors: ContextFull, TokenOutOfRange, InvalidArgument. */
  begin(tokens: Uint32Array, sampling: Sampling, grammar: Grammar | undefined): Begun {
    this.end();
    const cachedTokens = this.#computed;
    const promptTokens = this.length + tokens.length;
    this.#core.with(bytesOf(tokens), (upload) => {
      this.handle.append(upload);
    });
    requireOk(this.handle);
    this.#ended = { promptMs: 0, decodeMs: 0 };
    this.#reading = true;
    this.#writing = this.#start(sampling, grammar);
    return { promptTokens, cachedTokens };
  }

  /** Writes for `ms` milliseconds, or computes one batch of the prompt. Errors: InferenceFailed. */
  step(ms: number): Step {
    const step: Step = {
      promptDone: 0,
      promptTotal: 0,
      tokens: [],
      rest: "",
      finish: undefined,
      completed: false,
    };
    const start = performance.now();
    let now = start;
    while (step.finish === undefined && step.promptTotal === 0 && now - start < ms) {
      const before = now;
      this.#add(step);
      now = performance.now();
      this.#ended[this.#reading ? "promptMs" : "decodeMs"] += now - before;
      if (step.tokens.length > 0) this.#reading = false;
    }
    return step;
  }

  /** May be called again. */
  end(): Ended {
    if (this.#writing !== undefined) this.#core.release(this.#writing);
    this.#writing = undefined;
    return this.#ended;
  }

  dispose(): void {
    this.end();
    this.#core.release(this.handle);
  }

  /** Of the tokens; the last one that was written counts. */
  get #computed(): number {
    const pending = this.handle.pending();
    return pending <= 1 ? this.length : Math.max(0, this.length - pending);
  }

  #start(sampling: Sampling, grammar: Grammar | undefined): TextGeneration {
    return this.#core.run((module) => {
      const { stop, stopTokens, logitBias, resume, ...numbers } = sampling;
      const options = { ...numbers, special: false, continues: resume };
      const writing = new module.TextGeneration(options);
      for (const text of stop) writing.addStop(text);
      for (const token of stopTokens) writing.addStopToken(token);
      for (const [token, bias] of logitBias) writing.addBias(token, bias);
      try {
        if (grammar !== undefined) this.#model.hold(writing, grammar);
        writing.start(this.handle);
        requireOk(writing);
      } catch (thrown) {
        writing.delete();
        throw thrown;
      }
      return writing;
    });
  }

  #add(to: Step): void {
    const writing = this.#writing;
    if (writing === undefined) throw new AndonError("Internal", "core: a step before begin");
    const step = this.#core.run(() => writing.step());
    requireOk(writing);
    switch (step.kind) {
      case "prompt":
        to.promptDone = step.promptDone;
        to.promptTotal = step.promptTotal;
        break;
      case "token":
        to.tokens.push(this.#token(step, writing));
        break;
      default:
        to.rest = textIn(step);
        to.finish = step.reason as FinishReason;
        to.completed = step.completed;
    }
  }

  #token(step: TextStep, writing: TextGeneration): Step["tokens"][number] {
    const { token: id, logProbability } = step;
    const alternatives = this.#alternatives(writing);
    const told = { id, text: textIn(step), logProbability };
    return alternatives.length === 0 ? told : { ...told, alternatives };
  }

  #alternatives(writing: TextGeneration): TokenProbability[] {
    const { buffer } = this.#core.copy(writing.alternatives());
    const ids = new Uint32Array(buffer);
    const logs = new Float32Array(buffer);
    return Array.from({ length: ids.length / 2 }, (_, i) => {
      const id = ids[2 * i] ?? 0;
      return { id, text: this.#model.piece(id), logProbability: logs[2 * i + 1] ?? 0 };
    });
  }
}

/** Generated types allow bytes where a text goes in; what comes out is one. */
function textIn({ text }: TextStep): string {
  return text as string;
}
