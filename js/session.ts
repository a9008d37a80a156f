// One file on its way to becoming a model or an expert, and that itself: in this thread or, by the same
// calls, in a worker (bridge.ts). A session reads nothing: it is given bytes, and says which it wants.

import type { Content, CoreExpert, CoreExpertOpening, Form, Range } from "./core-expert.js";
import type { CoreModel } from "./core-model.js";
import type { Core, CoreUpload, FileKind } from "./core.js";
import type { ModelDescription, Weights } from "./description.js";
import { AndonError } from "./errors.js";
import type { ExpertDescription } from "./expert-description.js";
import type { Rows } from "./rows.js";
import type { Release } from "./trust-store.js";
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
  kind: "model";
  verdict: Verdict;
  description: ModelDescription;
  /** Numbers a row that `predict` gives. */
  outputs: number;
}

export interface OpenedExpert {
  kind: "expert";
  verdict: Verdict;
  description: ExpertDescription;
  /** What a trust store is to remember. */
  release: Release | undefined;
  /** Of the file that sections are read from; 0 where the session has it all. */
  fileBytes: number;
}

export type Kind = "model" | "expert" | "language-model";

/** How to open. */
export interface Terms {
  policy: Policy;
  /** What the caller asked for, if anything. */
  kind: Kind | undefined;
  /** Bytes of decoded sections of an expert to keep. */
  cacheBytes: number | undefined;
}

/** A range that is wanted, or the expert. */
export type ExpertStep = { wanted: Range } | { opened: OpenedExpert };

/** Content of a section, or the range that it needs. */
export type Taken = { content: Content } | { needs: Range };

/**
 * The calls of a session, in their order: sniff, then for a file that is read whole begin, append ...,
 * open; for one that is read by ranges beginExpert, feedExpert .... Then those of what was opened.
 */
export interface Session {
  sniff(head: Uint8Array): Awaitable<FileKind | undefined>;
  begin(claim: FileClaim): Awaitable<void>;
  append(bytes: Uint8Array): Awaitable<void>;
  open(terms: Terms): Awaitable<OpenedModel | OpenedExpert>;
  beginExpert(claim: FileClaim & Terms): Awaitable<ExpertStep>;
  feedExpert(bytes: Uint8Array): Awaitable<ExpertStep>;

  predict(rows: Rows): Awaitable<Rows>;
  weights(): Awaitable<Weights>;

  take(wish: { section: number; form: Form }): Awaitable<Taken>;
  /** Bytes that `take` needed; keeps the section's content and gives it. */
  give(part: { section: number; form: Form; bytes: Uint8Array }): Awaitable<Content>;
  beginIntegrity(baseConfig: Uint8Array): Awaitable<void>;
  addIntegrity(bytes: Uint8Array): Awaitable<void>;
  endIntegrity(): Awaitable<void>;
}

export class LocalSession implements Session {
  readonly #core: Core;
  #upload: CoreUpload | undefined;
  #opening: CoreExpertOpening | undefined;
  #model: CoreModel | undefined;
  #expert: CoreExpert | undefined;
  #cacheBytes: number | undefined;
  #limit = 0;
  #received = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  sniff(head: Uint8Array): FileKind | undefined {
    return this.#withUpload(head, (upload) => this.#core.sniffHead(upload));
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

  /** Errors: all of the core's, KindMismatch. The memory of the file is free again afterwards. */
  open({ policy, kind, cacheBytes }: Terms): OpenedModel | OpenedExpert {
    if (this.#upload === undefined) throw new AndonError("Internal", "session: open before begin");
    const isExpert = this.#core.sniffFile(this.#upload) === "expert-v1";
    requireKind(kind, isExpert ? "expert" : "model");
    const opened = isExpert
      ? this.#openWholeExpert(this.#upload, policy, cacheBytes)
      : this.#openModel(this.#upload, policy);
    this.#dropUpload();
    return opened;
  }

  /** Errors: all of the core's, FileTooLarge. */
  beginExpert({
    size,
    exact,
    maxBytes = Infinity,
    policy,
    cacheBytes,
  }: FileClaim & Terms): ExpertStep {
    this.#limit = Math.min(maxBytes, exact ? this.#core.maxExpertBytes : this.#core.maxFileBytes);
    this.#requireWithin(size ?? 0);
    this.#cacheBytes = cacheBytes;
    this.#opening = this.#core.openExpert(exact ? size : undefined, policy);
    return this.#step(this.#opening);
  }

  /** Errors: all of the core's, FileTooLarge. */
  feedExpert(bytes: Uint8Array): ExpertStep {
    const opening = this.#opening;
    if (opening === undefined) throw new AndonError("Internal", "session: feedExpert before begin");
    this.#withUpload(bytes, (upload) => {
      opening.feed(upload);
    });
    return this.#step(opening);
  }

  predict(rows: Rows): Rows {
    return required(this.#model).predict(rows);
  }

  weights(): Weights {
    return required(this.#model).weights();
  }

  /** Errors: SectionUnknown, and those of `give` where nothing is needed. */
  take({ section, form }: { section: number; form: Form }): Taken {
    const expert = required(this.#expert);
    const needs = expert.needs(section);
    return needs === undefined ? { content: expert.kept(section, form) } : { needs };
  }

  /** Errors: those that a damaged section can have. */
  async give(part: { section: number; form: Form; bytes: Uint8Array }): Promise<Content> {
    return required(this.#expert).read(part.section, part.bytes, part.form);
  }

  beginIntegrity(baseConfig: Uint8Array): void {
    required(this.#expert).beginIntegrity(baseConfig);
  }

  addIntegrity(bytes: Uint8Array): void {
    required(this.#expert).addIntegrity(bytes);
  }

  endIntegrity(): void {
    required(this.#expert).endIntegrity();
  }

  /** Frees the memory; may be called again. */
  close(): void {
    this.#dropUpload();
    this.#dropOpening();
    this.#model?.dispose();
    this.#model = undefined;
    this.#expert?.dispose();
    this.#expert = undefined;
  }

  #openModel(file: CoreUpload, policy: Policy): OpenedModel {
    const model = this.#core.open(file, policy);
    this.#model = model;
    const { verdict, description, outputs } = model;
    return { kind: "model", verdict, description, outputs };
  }

  #openWholeExpert(file: CoreUpload, policy: Policy, cacheBytes: number | undefined): OpenedExpert {
    this.#cacheBytes = cacheBytes;
    const opening = this.#core.openExpert(this.#received, policy);
    this.#opening = opening;
    while (opening.wanted !== undefined) opening.feed(file);
    return this.#takeExpert(opening);
  }

  #step(opening: CoreExpertOpening): ExpertStep {
    const { wanted } = opening;
    if (wanted === undefined) return { opened: this.#takeExpert(opening) };
    this.#requireWithin(wanted.offset + wanted.length);
    return { wanted };
  }

  #takeExpert(opening: CoreExpertOpening): OpenedExpert {
    const expert = opening.take();
    this.#expert = expert;
    this.#dropOpening();
    this.#requireWithin(expert.fileBytes);
    if (this.#cacheBytes !== undefined) expert.setBudget(this.#cacheBytes);
    const { verdict, description, release, fileBytes } = expert;
    return { kind: "expert", verdict, description, release, fileBytes };
  }

  #withUpload<T>(bytes: Uint8Array, call: (upload: CoreUpload) => T): T {
    const upload = this.#core.upload();
    try {
      upload.append(bytes);
      return call(upload);
    } finally {
      upload.dispose();
    }
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

  #dropOpening(): void {
    this.#opening?.dispose();
    this.#opening = undefined;
  }
}

/** Errors: KindMismatch. */
export function requireKind(asked: Kind | undefined, found: Kind): void {
  if (asked === undefined || asked === found) return;
  throw new AndonError("KindMismatch", `file: holds ${article(found)}, not ${article(asked)}`);
}

function article(kind: Kind): string {
  return kind === "expert" ? "an expert" : `a ${kind.replace("-", " ")}`;
}

/** Errors: Disposed. */
function required<T>(opened: T | undefined): T {
  if (opened === undefined) throw new AndonError("Disposed", "it was disposed of");
  return opened;
}
