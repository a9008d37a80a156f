// Experts in wasm memory, and one on its way to be.

import type { AttachingExpert, TextExpert, TextModel } from "../wasm/andon-text.mjs";
import { policyHandle } from "../core-policy.js";
import { AndonError, requireOk } from "../errors.js";
import type { ExpertDescription } from "../expert-description.js";
import type { Release } from "../trust-store.js";
import type { Verdict } from "../verdict.js";
import type { CoreText } from "./core-text.js";
import type { AttachTerms, ExpertMemory, ReadyExpert } from "./protocol.js";

/** The bytes that the next step takes; of these `gap` at the front have no part in a section's SHA-256. */
export interface Wanted {
  offset: number;
  length: number;
  gap: number;
}

export interface TakenExpert {
  expert: CoreTextExpert;
  verdict: Verdict;
  release: Release | undefined;
  cached: boolean;
}

/** As a session uses it. */
export interface ChosenExpert {
  expert: CoreTextExpert;
  weight: number;
}

/** Of a package of this size, if it is known, or of the files of a PEFT folder. */
export type ExpertBytes = { size: number | undefined } | { files: ReadonlyMap<string, Uint8Array> };

export class CoreAttaching {
  readonly #core: CoreText;
  readonly #model: TextModel;
  readonly #handle: AttachingExpert;
  #disposed = false;

  /** Errors: those of the policy. */
  constructor(core: CoreText, model: TextModel, terms: AttachTerms, bytes: ExpertBytes) {
    this.#core = core;
    this.#model = model;
    this.#handle = core.run((module) => {
      const policy = policyHandle(module, terms.policy);
      const handle = new module.ExpertTerms(policy);
      try {
        if (terms.anyBase) handle.allowAnyBase();
        if (terms.maxBytes !== undefined) handle.setMaxBytes(terms.maxBytes);
        for (const [name, content] of "files" in bytes ? bytes.files : []) {
          core.with(content, (upload) => {
            handle.addFile(name, upload);
          });
        }
        const size = "size" in bytes ? (bytes.size ?? -1) : -1;
        return new module.AttachingExpert(model, handle, size);
      } finally {
        handle.delete();
        policy.delete();
      }
    });
  }

  get done(): boolean {
    return this.#live().done();
  }

  get verified(): boolean {
    return this.#handle.verified();
  }

  get layersReady(): number {
    return this.#handle.layersReady();
  }

  /** Nothing: the next step goes by itself. */
  get wanted(): Wanted | undefined {
    const { needed, offset, length, gap } = this.#live().wanted();
    return needed ? { offset, length, gap } : undefined;
  }

  /** `hash` gives the SHA-256 of the copy in the core's memory, which nobody else can change, or nothing. */
  async feed(
    bytes: Uint8Array,
    hash: (stored: Uint8Array) => Promise<Uint8Array> | Uint8Array | undefined,
  ): Promise<void> {
    const upload = this.#core.upload();
    try {
      const copy = upload.append(bytes);
      const stored = copy.subarray(this.wanted?.gap ?? 0);
      const digest = await hash(isShared(stored) ? stored.slice() : stored);
      const handle = this.#live();
      this.#core.run(() => {
        handle.feed(upload.handle, digest ?? "");
      });
    } finally {
      upload.dispose();
    }
  }

  /** Called once, when done. Errors: what was refused, with the verdict. */
  take(): TakenExpert {
    return this.#core.run(() => {
      const verdict = this.#core.json(this.#handle.verdict()) as Verdict;
      requireOk(this.#handle, verdict);
      const remember = this.#handle.remember();
      const release = remember.size === 0 ? undefined : (this.#core.json(remember) as Release);
      const expert = this.#handle.take();
      const { cached } = this;
      return {
        expert: new CoreTextExpert(this.#core, this.#model, expert),
        verdict,
        release,
        cached,
      };
    });
  }

  get cached(): boolean {
    return this.#handle.cached();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#core.release(this.#handle);
  }

  /** Errors: Disposed. */
  #live(): AttachingExpert {
    if (!this.#disposed) return this.#handle;
    throw new AndonError("Disposed", "the attaching was given up");
  }
}

/** Of threads; the platform hashes memory of one thread alone. */
function isShared(bytes: Uint8Array): boolean {
  return !(bytes.buffer instanceof ArrayBuffer);
}

export class CoreTextExpert {
  readonly handle: TextExpert;
  readonly description: ExpertDescription;
  readonly brings: ReadyExpert["brings"];
  readonly #core: CoreText;
  readonly #model: TextModel;

  constructor(core: CoreText, model: TextModel, handle: TextExpert) {
    this.#core = core;
    this.#model = model;
    this.handle = handle;
    this.description = core.json(handle.description()) as ExpertDescription;
    this.brings = {
      adapter: handle.hasAdapter(),
      grammar: handle.hasGrammar(),
      softPromptTokens: handle.softPromptTokens(),
      calibration: handle.hasCalibration(),
      tokens: handle.addedTokens(),
    };
  }

  /** Of all its content, in hex. */
  get identity(): string {
    const bytes = this.#core.copy(this.handle.identity());
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** GBNF. */
  get grammar(): string | undefined {
    return this.brings.grammar ? this.#core.text(this.handle.grammar()) : undefined;
  }

  get memory(): ExpertMemory {
    return { total: this.handle.bytes(), adapter: this.handle.adapterBytes() };
  }

  /** What is kept for the next time stays within its budget. */
  dispose(): void {
    this.#core.release(this.handle);
    this.#core.run(() => {
      this.#model.trimShelf();
    });
  }
}
