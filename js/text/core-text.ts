// The WebAssembly module that runs language models. The one file that knows its generated glue.

import createAndonText, {
  type MainModule,
  type TextLoading,
  type TextModel,
  type TextVerdict,
  type Upload,
} from "../wasm/andon-text.mjs";
import { policyHandle } from "../core-policy.js";
import { requireOk } from "../errors.js";
import { Instance, instantiate, type CoreUpload, type Span } from "../instance.js";
import type { Policy } from "../trust.js";
import type { Verdict } from "../verdict.js";
import type { TextPart } from "./chat-text.js";
import { CoreTextSession } from "./core-text-session.js";
import type { LanguageModelDescription } from "./description.js";
import type { SessionOptions } from "./options.js";
import type { LoadTerms, OpenedText, WeightType } from "./protocol.js";

export type { MainModule };

export class CoreText extends Instance<MainModule, Upload> {
  /** Rejects with whatever WebAssembly says. */
  static async start(compiled: WebAssembly.Module): Promise<CoreText> {
    return new CoreText(await instantiate(createAndonText, compiled));
  }

  loading(terms: LoadTerms): CoreLoading {
    return this.run((module) => new CoreLoading(this, new module.TextLoading(), terms));
  }

  /** Calls with bytes in wasm memory. */
  with<T>(bytes: Uint8Array, call: (upload: Upload) => T): T {
    const upload: CoreUpload<Upload> = this.upload();
    try {
      upload.append(bytes);
      return this.run(() => call(upload.handle));
    } finally {
      upload.dispose();
    }
  }

  /** A copy that is no view of wasm memory. */
  copy(span: Span): Uint8Array<ArrayBuffer> {
    return this.bytes(span).slice() as Uint8Array<ArrayBuffer>;
  }

  text(span: Span): string {
    return new TextDecoder().decode(this.copy(span));
  }

  json(span: Span): unknown {
    return JSON.parse(this.text(span));
  }

  tokens(span: Span): Uint32Array {
    return new Uint32Array(this.copy(span).buffer);
  }
}

/** As src/tensor/quantized.h counts them. */
const weightTypes: Readonly<Record<WeightType, number>> = {
  F32: 0,
  F16: 1,
  Q4_0: 2,
  Q8_0: 8,
  BF16: 30,
};

export class CoreLoading {
  readonly #core: CoreText;
  readonly #handle: TextLoading;
  readonly #policy: Policy;

  constructor(core: CoreText, handle: TextLoading, terms: LoadTerms) {
    this.#core = core;
    this.#handle = handle;
    this.#policy = terms.policy;
    for (const [name, digest] of Object.entries(terms.sha256)) handle.expect(name, digest);
    if (terms.maxMemory !== undefined) handle.setMemoryLimit(terms.maxMemory);
    if (terms.precision === "exact") handle.setExact();
    handle.setWeightType(weightTypes[terms.weightType]);
  }

  /** Errors, here and below: those of the core. */
  begin(name: string, size: number, hashed: boolean): void {
    this.#do(() => {
      this.#handle.begin(name, size, hashed);
    });
  }

  push(bytes: Uint8Array): void {
    this.#do(() => {
      this.#core.bytes(this.#handle.room(bytes.length)).set(bytes);
      this.#handle.push(bytes.length);
    });
  }

  /** `digest`: of a file that began `hashed`. */
  end(digest: Uint8Array | undefined): void {
    this.#do(() => {
      if (digest === undefined) this.#handle.end();
      else this.#handle.endHashed(digest);
    });
  }

  finish(): CoreTextModel {
    return this.#core.run(() => {
      const model = this.#handle.finish();
      requireOk(this.#handle);
      this.#handle.delete();
      return new CoreTextModel(this.#core, model as TextModel, this.#policy);
    });
  }

  #do(call: () => void): void {
    this.#core.run(call);
    requireOk(this.#handle);
  }
}

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

  /** What a special token is written as; empty where there is none. */
  textOf(token: number | null): string {
    return token === null ? "" : this.decode(Uint32Array.of(token), true);
  }

  encode(parts: readonly TextPart[]): Uint32Array {
    const encoded = parts.map(({ text, special }) =>
      this.#core.with(new TextEncoder().encode(text), (upload) =>
        this.#core.tokens(this.#handle.encode(upload, special)),
      ),
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

  /** Errors: ContextFull, OutOfMemory. */
  embed(tokens: Uint32Array): Float32Array {
    return this.#core.with(bytesOf(tokens), (upload) => {
      const vector = this.#handle.embed(upload, true);
      requireOk(this.#handle);
      return new Float32Array(this.#core.copy(vector).buffer);
    });
  }

  /** Errors: InvalidArgument, OutOfMemory. */
  session({ context, cacheType }: Required<SessionOptions>): CoreTextSession {
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
