// A model in wasm memory.

import type { TextModel, TextVerdict } from "../wasm/andon-text.mjs";
import { policyHandle } from "../core-policy.js";
import { requireOk } from "../errors.js";
import type { Policy } from "../trust.js";
import type { Verdict } from "../verdict.js";
import type { TextPart } from "./chat-text.js";
import type { CoreText } from "./core-text.js";
import { CoreTextSession } from "./core-text-session.js";
import type { LanguageModelDescription } from "./description.js";
import type { Pooling } from "./options.js";
import type { OpenedText, SessionShape } from "./protocol.js";

export class CoreTextModel {
  readonly opened: OpenedText;
  /** Texts of the tokens that have a meaning of their own. */
  readonly controlTexts: readonly string[];
  readonly #core: CoreText;
  readonly #handle: TextModel;

  /** Errors: those of the policy, with the verdict. */
  constructor(core: CoreText, handle: TextModel, policy: Policy) {
    this.#core = core;
    this.#handle = handle;
    const description = core.json(handle.description()) as LanguageModelDescription;
    this.opened = { verdict: this.#judge(policy), description };
    this.controlTexts = core.json(handle.controlTexts()) as string[];
  }

  /** The text of one token as it is within a text; special ones are written out. Errors: TokenOutOfRange. */
  piece(token: number): string {
    return this.#core.run(() => {
      const text = this.#handle.piece(token);
      requireOk(this.#handle);
      return this.#core.text(text);
    });
  }

  /** Parts of one text. `before`: the token that it continues after; without one it begins. */
  encode(parts: readonly TextPart[], before?: number): Uint32Array {
    const { normalizeNfc } = this.opened.description.tokenizer;
    let last = before ?? -1;
    const encoded = parts.map(({ text, special }) =>
      this.#core.with(utf8(normalizeNfc ? text.normalize("NFC") : text), (upload) => {
        const tokens = this.#core.tokens(this.#handle.encode(upload, special, last));
        last = tokens.at(-1) ?? last;
        return tokens;
      }),
    );
    return joined(encoded);
  }

  /** As the beginning of a text, with the token that begins one where the model wants it. */
  encodeFirst(text: string): Uint32Array {
    const { begin, addBegin } = this.opened.description.tokenizer;
    const tokens = this.encode([{ text, special: false }]);
    return addBegin && begin !== null ? joined([Uint32Array.of(begin), tokens]) : tokens;
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

  /** Errors: InvalidArgument, OutOfMemory. */
  session({ context, cacheType }: SessionShape): CoreTextSession {
    return this.#core.run((module) => {
      const handle = new module.TextSession(this.#handle, context, cacheType === "f32");
      return CoreTextSession.of(this.#core, this, handle);
    });
  }

  /** Errors: SessionMalformed, SessionForeign, OutOfMemory. */
  restore(saved: Uint8Array): CoreTextSession {
    return this.#core.with(saved, (upload) =>
      this.#core.run((module) => {
        const handle = module.TextSession.restore(this.#handle, upload);
        return CoreTextSession.of(this.#core, this, handle);
      }),
    );
  }

  #judge(policy: Policy): Verdict {
    return this.#core.run((module) => {
      const rules = policyHandle(module, policy);
      let judged: TextVerdict | undefined;
      try {
        judged = new module.TextVerdict(this.#handle, rules);
        const verdict = this.#core.json(judged.verdict()) as Verdict;
        requireOk(judged, verdict);
        return verdict;
      } finally {
        judged?.delete();
        rules.delete();
      }
    });
  }
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
