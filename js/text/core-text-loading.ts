// The files of a model on their way into wasm memory.

import type { TextLoading } from "../wasm/andon-text.mjs";
import { requireOk } from "../errors.js";
import type { Policy } from "../trust.js";
import type { CoreText } from "./core-text.js";
import { CoreTextModel } from "./core-text-model.js";
import type { FileDigests } from "./file-hashing.js";
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
  /** Of the files. */
  readonly needsSha256: boolean;

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
    // Lists name what they revoke by it.
    if (terms.computeSha256 || terms.policy.lists.length > 0) handle.computeSha256();
    this.needsSha256 = handle.needsSha256();
  }

  /** Errors, here and below: those of the core. */
  begin(name: string, size: number, hashed: Record<keyof FileDigests, boolean>): void {
    this.#do(() => {
      this.#handle.begin(name, size, hashed.pieces, hashed.sha256);
    });
  }

  push(bytes: Uint8Array): void {
    this.#do(() => {
      this.#core.bytes(this.#handle.room(bytes.length)).set(bytes);
      this.#handle.push(bytes.length);
    });
  }

  /** What was said at `begin` to come. */
  end({ pieces, sha256 }: FileDigests): void {
    this.#do(() => {
      this.#handle.end(pieces ?? "", sha256 ?? "");
    });
  }

  finish(): CoreTextModel {
    return this.#core.run(() => {
      const model = this.#handle.finish();
      requireOk(this.#handle);
      this.#handle.delete();
      return CoreTextModel.judged(this.#core, model, this.#policy);
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
