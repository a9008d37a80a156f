// One file on its way to becoming a model, and the model: in this thread or, by the same calls, in a
// worker (bridge.ts).

import type { CoreModel } from "./core-model.js";
import type { Core, CoreUpload } from "./core.js";
import type { ModelDescription, Weights } from "./description.js";
import { AndonError } from "./errors.js";
import type { Rows } from "./rows.js";
import type { Policy } from "./trust.js";
import type { Verdict } from "./verdict.js";

export type Awaitable<T> = T | Promise<T>;

export interface FileClaim {
  /** Bytes in all, where the source knows; an exact size is reserved at once. */
  size: number | undefined;
  exact: boolean;
  /** The caller's own limit. */
  maxBytes: number | undefined;
}

export interface OpenedModel {
  verdict: Verdict;
  description: ModelDescription;
  /** Numbers a row that `predict` gives. */
  outputs: number;
}

/** The calls of a session, in their order: begin, append ..., open, then predict and weights at will. */
export interface Session {
  begin(claim: FileClaim): Awaitable<void>;
  append(bytes: Uint8Array): Awaitable<void>;
  open(policy: Policy): Awaitable<OpenedModel>;
  predict(rows: Rows): Awaitable<Rows>;
  weights(): Awaitable<Weights>;
}

export class LocalSession implements Session {
  readonly #core: Core;
  #upload: CoreUpload | undefined;
  #model: CoreModel | undefined;
  #limit = 0;
  #received = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Errors: FileTooLarge, OutOfMemory. */
  begin({ size, exact, maxBytes = Infinity }: FileClaim): void {
    this.#limit = Math.min(maxBytes, this.#core.maxFileBytes);
    this.#requireWithin(size ?? 0);
    this.#upload = this.#core.upload();
    if (exact && size !== undefined) this.#upload.reserve(size);
  }

  /** Errors: FileTooLarge, OutOfMemory. */
  append(bytes: Uint8Array): void {
    this.#received += bytes.length;
    this.#requireWithin(this.#received);
    this.#upload?.append(bytes);
  }

  /** Errors: all of the core's. The memory of the file is free again afterwards. */
  open(policy: Policy): OpenedModel {
    if (this.#upload === undefined) throw new AndonError("Internal", "session: open before begin");
    const model = this.#core.open(this.#upload, policy);
    this.#model = model;
    this.#dropUpload();
    return { verdict: model.verdict, description: model.description, outputs: model.outputs };
  }

  predict(rows: Rows): Rows {
    return this.#requireModel().predict(rows);
  }

  weights(): Weights {
    return this.#requireModel().weights();
  }

  /** Frees the memory; may be called again. */
  close(): void {
    this.#dropUpload();
    this.#model?.dispose();
    this.#model = undefined;
  }

  #requireModel(): CoreModel {
    if (this.#model === undefined) throw new AndonError("Disposed", "the model was disposed of");
    return this.#model;
  }

  #requireWithin(size: number): void {
    if (size <= this.#limit) return;
    throw new AndonError(
      "FileTooLarge",
      `source: ${size} bytes are more than the limit of ${this.#limit}`,
    );
  }

  #dropUpload(): void {
    this.#upload?.dispose();
    this.#upload = undefined;
  }
}
