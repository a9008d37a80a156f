// A model in wasm memory.

import type { TextGeneration, TextModel, TextVerdict } from "../wasm/andon-text.mjs";
import { policyHandle } from "../core-policy.js";
import { AndonError, requireOk } from "../errors.js";
import type { Policy } from "../trust.js";
import type { Verdict } from "../verdict.js";
import type { TextPart } from "./chat-text.js";
import type { CoreText } from "./core-text.js";
import { CoreTextSession } from "./core-text-session.js";
import {
  CoreAttaching,
  CoreTextExpert,
  type ChosenExpert,
  type ExpertBytes,
} from "./core-text-expert.js";
import { CoreMerging } from "./core-text-merging.js";
import type { LanguageModelDescription } from "./description.js";
import type { Pooling } from "./options.js";
import type {
  AttachTerms,
  ExpertChoice,
  GrammarChoice,
  OpenedText,
  SessionShape,
} from "./protocol.js";

/** What a text has to be. */
export type Grammar = Exclude<GrammarChoice, { expert: number } | undefined> | CoreTextExpert;

export class CoreTextModel {
  readonly opened: OpenedText;
  /** Texts of the tokens that have a meaning of their own. */
  readonly controlTexts: readonly string[];
  readonly #core: CoreText;
  readonly #handle: TextModel;
  #disposed = false;

  private constructor(core: CoreText, handle: TextModel, verdict: Verdict) {
    this.#core = core;
    this.#handle = handle;
    const description = core.json(handle.description()) as LanguageModelDescription;
    this.opened = { verdict, description };
    this.controlTexts = core.json(handle.controlTexts()) as string[];
  }

  /** As it was loaded. Errors: those of the policy, with the verdict. */
  static judged(core: CoreText, handle: TextModel, policy: Policy): CoreTextModel {
    return new CoreTextModel(core, handle, judge(core, handle, policy));
  }

  /** What was made of it, as trusted as it: experts were judged when they were attached. */
  copied(handle: TextModel): CoreTextModel {
    return new CoreTextModel(this.#core, handle, this.opened.verdict);
  }

  /** The text of one token as it is within a text; special ones are written out. Errors: TokenOutOfRange. */
  piece(token: number): string {
    return this.#core.run(() => {
      const text = this.#handle.piece(token);
      requireOk(this.#handle);
      return this.#core.text(text);
    });
  }

  /**
   * Parts of one text. `before`: the token that it continues after; without one it begins. `session`: that it is for,
   * whose experts may add tokens.
   */
  encode(parts: readonly TextPart[], before?: number, session?: CoreTextSession): Uint32Array {
    const { normalizeNfc } = this.opened.description.tokenizer;
    let last = before ?? -1;
    const encoded = parts.map(({ text, special }) =>
      this.#core.with(utf8(normalizeNfc ? text.normalize("NFC") : text), (upload) => {
        const encoded =
          session === undefined
            ? this.#handle.encode(upload, special, last)
            : this.#handle.encodeFor(session.handle, upload, special, last);
        const tokens = this.#core.tokens(encoded);
        last = tokens.at(-1) ?? last;
        return tokens;
      }),
    );
    return joined(encoded);
  }

  /** As the beginning of a text, with the token that begins one where the model wants it. */
  encodeFirst(text: string, session?: CoreTextSession): Uint32Array {
    const { begin, addBegin } = this.opened.description.tokenizer;
    const tokens = this.encode([{ text, special: false }], undefined, session);
    return addBegin && begin !== null ? joined([Uint32Array.of(begin), tokens]) : tokens;
  }

  /** From its beginning to its end, with the token that the model wants after one. */
  encodeWhole(text: string): Uint32Array {
    const { appended } = this.opened.description.tokenizer;
    const tokens = this.encodeFirst(text);
    return appended === null ? tokens : joined([tokens, Uint32Array.of(appended)]);
  }

  /** Errors: TokenOutOfRange. */
  decode(tokens: Uint32Array, special: boolean): string {
    return this.#core.with(bytesOf(tokens), (upload) => {
      const text = this.#handle.decode(upload, special);
      requireOk(this.#handle);
      return this.#core.text(text);
    });
  }

  /** Errors: InvalidArgument, ContextFull, OutOfMemory. */
  embed(tokens: Uint32Array, pooling: Pooling): Float32Array {
    return this.#core.with(bytesOf(tokens), (upload) => {
      const vector = this.#handle.embed(upload, pooling === "mean");
      requireOk(this.#handle);
      return new Float32Array(this.#core.copy(vector).buffer);
    });
  }

  /** Errors: those of the policy, Disposed. */
  attach(terms: AttachTerms, bytes: ExpertBytes): CoreAttaching {
    if (this.#disposed) throw new AndonError("Disposed", "the model was disposed of");
    return new CoreAttaching(this.#core, this.#handle, terms, bytes);
  }

  /** Errors: those of ModelMerging. */
  merge(
    experts: readonly ChosenExpert[],
    use: Omit<ExpertChoice, "experts">,
    maxMemory: number | undefined,
  ): CoreMerging {
    return new CoreMerging(this.#core, this.#handle, experts, use, maxMemory);
  }

  /** Errors: InvalidArgument, OutOfMemory. */
  session({ context, cacheType }: SessionShape): CoreTextSession {
    return this.#core.run((module) => {
      const handle = new module.TextSession(this.#handle, context, cacheType === "f32");
      return CoreTextSession.of(this.#core, this, handle);
    });
  }

  /** With the experts that it was saved with. Errors: SessionMalformed, SessionForeign, OutOfMemory. */
  restore(
    saved: Uint8Array,
    experts: readonly ChosenExpert[],
    use: Omit<ExpertChoice, "experts">,
  ): CoreTextSession {
    return this.#core.with(saved, (upload) =>
      this.#core.withChoice(experts, use, (choice) =>
        this.#core.run((module) => {
          const handle = module.TextSession.restore(this.#handle, upload, choice);
          return CoreTextSession.of(this.#core, this, handle);
        }),
      ),
    );
  }

  /** Holds a text that is about to be written to a grammar. Errors: those of grammars and of JSON Schemas. */
  hold(writing: TextGeneration, grammar: Grammar): void {
    if (grammar instanceof CoreTextExpert) {
      writing.setGrammarOf(this.#handle, grammar.handle);
    } else {
      const source = "gbnf" in grammar ? grammar.gbnf : grammar.schema;
      this.#core.with(utf8(source), (upload) => {
        if ("gbnf" in grammar) writing.setGbnf(this.#handle, upload);
        else writing.setJsonSchema(this.#handle, upload);
      });
    }
    requireOk(writing);
  }

  /** After all that was made for it. */
  dispose(): void {
    this.#disposed = true;
    this.#core.release(this.#handle);
  }
}

function judge(core: CoreText, handle: TextModel, policy: Policy): Verdict {
  return core.run((module) => {
    const rules = policyHandle(module, policy);
    let judged: TextVerdict | undefined;
    try {
      judged = new module.TextVerdict(handle, rules);
      const verdict = core.json(judged.verdict()) as Verdict;
      requireOk(judged, verdict);
      return verdict;
    } finally {
      judged?.delete();
      rules.delete();
    }
  });
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function bytesOf(tokens: Uint32Array): Uint8Array {
  return new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength);
}

export function joined(lists: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
