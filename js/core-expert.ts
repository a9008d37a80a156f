// A verified expert in wasm memory, and one on its way to be.

import type { Core, CoreUpload, OpenedExpertHandle, OpeningExpertHandle, Span } from "./core.js";
import { platform } from "#platform";
import { AndonError, requireOk } from "./errors.js";
import type { AdapterLayer, AdapterModule, AdapterSummary, Tensor } from "./adapter.js";
import type { ExpertDescription } from "./expert-description.js";
import type { Release } from "./trust-store.js";
import type { Verdict } from "./verdict.js";

export interface Range {
  offset: number;
  length: number; // 0: nothing
}

/** What the calls of this module give back. */
export type Content = Uint8Array | AdapterLayer | AdapterSummary | undefined;
/** Of a section: its bytes, its layer with or without numbers, or nothing but that it is there. */
export type Form = "bytes" | "layer" | "summary" | "nothing";

/** Bytes. Below, the core is done before another thread would have begun. */
const leastToHash = 16 * 1024;

export class CoreExpertOpening {
  readonly #core: Core;
  readonly #handle: OpeningExpertHandle;

  constructor(core: Core, handle: OpeningExpertHandle) {
    this.#core = core;
    this.#handle = handle;
  }

  /** The range that `feed` wants next; nothing: it can be taken. */
  get wanted(): Range | undefined {
    return this.#core.run(() => (this.#handle.done() ? undefined : this.#handle.wanted()));
  }

  feed(bytes: CoreUpload): void {
    this.#core.run(() => {
      this.#handle.feed(bytes.handle);
    });
  }

  /** Called once. Errors: what was refused, with the verdict. */
  take(): CoreExpert {
    return this.#core.run((module) => {
      const verdict = json(this.#core, this.#handle.verdict()) as Verdict;
      requireOk(this.#handle, verdict);
      const remember = this.#handle.remember();
      const release = remember.size === 0 ? undefined : (json(this.#core, remember) as Release);
      return new CoreExpert(this.#core, new module.OpenedExpert(this.#handle), verdict, release);
    });
  }

  dispose(): void {
    this.#core.release(this.#handle);
  }
}

export class CoreExpert {
  readonly #core: Core;
  readonly #handle: OpenedExpertHandle;
  readonly verdict: Verdict;
  readonly release: Release | undefined;
  readonly description: ExpertDescription;
  /** Of the file that sections are read from; 0 where all is here. */
  readonly fileBytes: number;
  #disposed = false;

  constructor(
    core: Core,
    handle: OpenedExpertHandle,
    verdict: Verdict,
    release: Release | undefined,
  ) {
    this.#core = core;
    this.#handle = handle;
    this.verdict = verdict;
    this.release = release;
    this.description = json(core, handle.description()) as ExpertDescription;
    this.fileBytes = handle.fileBytes();
  }

  /** Bytes of decoded sections to keep. */
  setBudget(bytes: number): void {
    this.#core.run(() => {
      this.#handle.setBudget(bytes);
    });
  }

  get cachedBytes(): number {
    return this.#handle.cachedBytes();
  }

  /** The range that `read` wants; nothing where its content is here. Errors: SectionUnknown. */
  needs(section: number): Range | undefined {
    const range = this.#checked(() => this.#handle.needs(section));
    return range.length === 0 ? undefined : range;
  }

  /** What is kept already. REQUIRES: nothing is needed. Errors: all that a damaged section can have. */
  kept(section: number, form: Form): Content {
    this.#withUpload(new Uint8Array(), (upload) => {
      this.#handle.read(section, upload.handle, "");
    });
    return this.#content(form);
  }

  /**
   * The section, whose range has these bytes. Hashed is the copy in the core's memory, which nobody
   * else can change. Errors: all that a damaged section can have, Disposed.
   */
  async read(section: number, bytes: Uint8Array, form: Form): Promise<Content> {
    const upload = this.#core.upload();
    try {
      const stored = this.#storedBytes(section, upload.append(bytes));
      const digest = stored.length < leastToHash ? undefined : await platform.sha256(stored);
      if (this.#disposed) throw new AndonError("Disposed", "the expert was disposed of");
      this.#checked(() => {
        this.#handle.read(section, upload.handle, digest ?? "");
      });
    } finally {
      upload.dispose();
    }
    return this.#content(form);
  }

  /** Without the gap before them. */
  #storedBytes(section: number, range: Uint8Array): Uint8Array {
    const found = this.description.sections.find(({ id }) => id === section);
    return range.subarray(range.length - Math.min(range.length, found?.storedLength ?? 0));
  }

  #content(form: Form): Content {
    switch (form) {
      case "bytes":
        return this.#core.bytes(this.#handle.content()).slice();
      case "layer":
        return this.#core.run(() => this.#layer());
      case "summary":
        return this.#core.run(() => json(this.#core, this.#handle.summary()) as AdapterSummary);
      case "nothing":
        return undefined;
    }
  }

  /** `baseConfig`: config.json of a base model whose shapes have to fit. Errors: BaseConfig, Json... */
  beginIntegrity(baseConfig: Uint8Array): void {
    this.#withUpload(baseConfig, (upload) => {
      this.#handle.beginIntegrity(upload.handle);
    });
  }

  addIntegrity(bytes: Uint8Array): void {
    this.#withUpload(bytes, (upload) => {
      this.#handle.addIntegrity(upload.handle);
    });
  }

  endIntegrity(): void {
    this.#checked(() => {
      this.#handle.endIntegrity();
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#core.release(this.#handle);
  }

  #withUpload(bytes: Uint8Array, call: (upload: CoreUpload) => void): void {
    const upload = this.#core.upload();
    try {
      upload.append(bytes);
      this.#checked(() => {
        call(upload);
      });
    } finally {
      upload.dispose();
    }
  }

  #checked<T>(call: () => T): T {
    return this.#core.run(() => {
      const value = call();
      requireOk(this.#handle);
      return value;
    });
  }

  #layer(): AdapterLayer {
    const { layer, modules } = json(this.#core, this.#handle.layer()) as LayerPlaces;
    return { layer, modules: modules.map((module) => this.#module(module)) };
  }

  #module({ tensors, ...module }: ModulePlaces): AdapterModule {
    const entries = Object.entries(tensors).map(
      ([name, tensor]) => [name, this.#tensor(tensor, module.dtype)] as const,
    );
    return { ...module, tensors: Object.fromEntries(entries) };
  }

  #tensor({ shape, values, format, starts, indices }: TensorPlaces, dtype: string): Tensor {
    const numbers = this.#floats(values, dtype);
    if (format === undefined || starts === undefined || indices === undefined) {
      return { shape, values: numbers };
    }
    return {
      shape,
      values: numbers,
      format,
      starts: this.#integers(starts),
      indices: this.#integers(indices),
    };
  }

  #floats({ offset, count }: Place, dtype: string): Float32Array {
    const { address } = this.#handle.floats(offset, count, dtype);
    return new Float32Array(this.#core.memory, address, count).slice();
  }

  #integers({ offset, count }: Place): Uint32Array {
    const { address } = this.#handle.content();
    return new Uint32Array(this.#core.memory, address + offset, count).slice();
  }
}

// src/engine/describe_layer.h

interface Place {
  offset: number;
  count: number;
}

interface TensorPlaces {
  shape: number[];
  values: Place;
  format?: "csr" | "csc";
  starts?: Place;
  indices?: Place;
}

type ModulePlaces = Omit<AdapterModule, "tensors"> & { tensors: Record<string, TensorPlaces> };

interface LayerPlaces {
  layer: number | null;
  modules: ModulePlaces[];
}

function json(core: Core, span: Span): unknown {
  return JSON.parse(new TextDecoder().decode(core.bytes(span)));
}
