// The files of a model on their way into wasm memory.

import type { TextLoading } from "../wasm/andon-text.mjs";
import { requireOk } from "../errors.js";
import type { Policy } from "../trust.js";
import type { CoreText } from "./core-text.js";
import { CoreTextModel } from "./core-text-model.js";
import type { LoadTerms, WeightType } from "./protocol.js";

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
    if (terms.manifest !== undefined) this.#expectListed(terms.manifest);
    if (terms.maxMemory !== undefined) handle.setMemoryLimit(terms.maxMemory);
    handle.setThreads(terms.threads);
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
      return new CoreTextModel(this.#core, model, this.#policy);
    });
  }

  #expectListed(manifest: Uint8Array): void {
    this.#core.with(manifest, (upload) => {
      this.#handle.expectListed(upload);
    });
    requireOk(this.#handle);
  }

  #do(call: () => void): void {
    this.#core.run(call);
    requireOk(this.#handle);
  }
}
