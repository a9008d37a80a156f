// The WebAssembly core: the one module that knows the generated glue.

import createAndon, {
  type MainModule,
  type Opened,
  type OpenedExpert as OpenedExpertHandle,
  type OpeningExpert as OpeningExpertHandle,
  type Policy as PolicyHandle,
  type Span,
  type TrustDocument,
  type Upload,
} from "./wasm/andon.mjs";
import { CoreExpertOpening } from "./core-expert.js";
import { CoreModel } from "./core-model.js";
import { policyHandle } from "./core-policy.js";
import { AndonError, outOfMemory, reasonOf, requireOk } from "./errors.js";
import type { Policy } from "./trust.js";

export type {
  MainModule,
  Opened,
  OpenedExpertHandle,
  OpeningExpertHandle,
  PolicyHandle,
  Span,
  TrustDocument,
};

/** What a file is, where Andon reads it. */
export type FileKind = "aprender" | "expert" | "expert-v1";

/** Parts of a package to write; `description` and `weights` as their bytes. */
export interface PackParts {
  description: Uint8Array;
  weights: Uint8Array;
  attachments: ReadonlyMap<string, Uint8Array>;
  signingKey: Uint8Array | undefined; // 32 bytes
}

/** One instance of the module, with its memory. */
export class Core {
  readonly #module: MainModule;
  #usable = true;

  private constructor(module: MainModule) {
    this.#module = module;
  }

  /** Rejects with whatever WebAssembly says. */
  static async start(compiled: WebAssembly.Module): Promise<Core> {
    return new Core(await instantiate(compiled));
  }

  /** false once it has broken down; its models live on, new ones need a new core. */
  get usable(): boolean {
    return this.#usable;
  }

  /** The largest file that is read whole, in bytes. */
  get maxFileBytes(): number {
    return this.#module.maxFileBytes;
  }

  /** The largest file that is read by ranges. */
  get maxExpertBytes(): number {
    return this.#module.maxExpertBytes;
  }

  upload(): CoreUpload {
    return this.run((module) => new CoreUpload(this, new module.Upload()));
  }

  /** Verifies and builds. Errors: all of the core's, with the verdict. */
  open(file: CoreUpload, policy: Policy): CoreModel {
    return this.run((module) => {
      const rules = policyHandle(module, policy);
      try {
        return new CoreModel(this, new module.Opened(file.handle, rules));
      } finally {
        rules.delete();
      }
    });
  }

  /** `size`: of the file, where that is known. */
  openExpert(size: number | undefined, policy: Policy): CoreExpertOpening {
    return this.run((module) => {
      const rules = policyHandle(module, policy);
      try {
        return new CoreExpertOpening(this, new module.OpeningExpert(size ?? -1, rules));
      } finally {
        rules.delete();
      }
    });
  }

  /** By the first bytes; a ZIP is taken for a model. */
  sniffHead(head: CoreUpload): FileKind | undefined {
    return kindOf(this.run((module) => module.sniffHead(head.handle)));
  }

  sniffFile(file: CoreUpload): FileKind | undefined {
    return kindOf(this.run((module) => module.sniffFile(file.handle)));
  }

  /** Errors: all of the core's. */
  pack(parts: PackParts): Uint8Array {
    const uploads: CoreUpload[] = [];
    const hold = (bytes: Uint8Array): Upload => {
      const upload = this.upload();
      uploads.push(upload);
      upload.append(bytes);
      return upload.handle;
    };
    try {
      return this.run((module) => {
        const packing = new module.Packing(hold(parts.description), hold(parts.weights));
        try {
          for (const [name, bytes] of parts.attachments) packing.attach(name, hold(bytes));
          if (parts.signingKey !== undefined) packing.sign(parts.signingKey);
          packing.run();
          requireOk(packing);
          return this.bytes(packing.package()).slice();
        } finally {
          packing.delete();
        }
      });
    } finally {
      for (const upload of uploads) upload.dispose();
    }
  }

  /** Calls into the module; a trap in it breaks the core. */
  run<T>(call: (module: MainModule) => T): T {
    try {
      return call(this.#module);
    } catch (thrown) {
      if (thrown instanceof AndonError) throw thrown;
      this.#usable = false;
      const reason = reasonOf(thrown);
      throw reason === "OutOfMemory" // bindings/memory.cc
        ? outOfMemory(thrown)
        : new AndonError("Internal", `core: ${reason}`, { cause: thrown });
    }
  }

  /** In a core that broke down nothing is freed piece by piece: it goes as a whole. */
  release(handle: { delete(): void }): void {
    if (this.#usable) handle.delete();
  }

  /** A fresh view: growth of the memory detaches those made before it. */
  bytes(span: Span): Uint8Array {
    return new Uint8Array(this.memory, span.address, span.size);
  }

  get memory(): ArrayBuffer {
    return (this.#module.HEAPU8 as Uint8Array<ArrayBuffer>).buffer;
  }
}

/** A file in wasm memory. */
export class CoreUpload {
  readonly #core: Core;
  readonly handle: Upload;

  constructor(core: Core, handle: Upload) {
    this.#core = core;
    this.handle = handle;
  }

  /** Errors: OutOfMemory. */
  reserve(size: number): void {
    if (!this.#core.run(() => this.handle.reserve(size))) throw outOfMemory();
  }

  /** Gives the copy, a view for now. Errors: OutOfMemory. */
  append(bytes: Uint8Array): Uint8Array {
    const span = this.#core.run(() => this.handle.append(bytes.length));
    if (span.address === 0 && bytes.length > 0) throw outOfMemory();
    const copy = this.#core.bytes(span);
    copy.set(bytes);
    return copy;
  }

  dispose(): void {
    this.#core.release(this.handle);
  }
}

function kindOf(name: string | ArrayBuffer | Uint8Array): FileKind | undefined {
  return name === "" ? undefined : (name as FileKind);
}

async function instantiate(compiled: WebAssembly.Module): Promise<MainModule> {
  return new Promise((resolve, reject) => {
    // The glue waits for `receive` and would wait for ever where instantiation fails.
    const instantiateWasm = (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance) => void,
    ): object => {
      WebAssembly.instantiate(compiled, imports).then(receive).catch(reject);
      return {};
    };
    createAndon({ instantiateWasm }).then(resolve, reject);
  });
}
