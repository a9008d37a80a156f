// An instance of one of our WebAssembly modules, with its memory: core.ts and writer.ts.

import { AndonError, outOfMemory, reasonOf } from "./errors.js";

/** A range of wasm memory. */
export interface Span {
  address: number;
  /** In bytes. */
  size: number;
}

interface UploadHandle {
  reserve(capacity: number): boolean;
  append(count: number): Span;
  delete(): void;
}

interface CommonModule<Handle extends UploadHandle> {
  HEAPU8: unknown;
  /** Where it is shared between threads: any of them may have made it grow. */
  wasmMemory?: unknown;
  Upload: new () => Handle;
}

type Create<Module> = (options: object) => Promise<Module>;

export class Instance<Module extends CommonModule<Handle>, Handle extends UploadHandle> {
  readonly #module: Module;
  #usable = true;

  protected constructor(module: Module) {
    this.#module = module;
  }

  /** false once it has broken down; its models live on, new ones need a new instance. */
  get usable(): boolean {
    return this.#usable;
  }

  upload(): CoreUpload<Handle> {
    return this.run((module) => new CoreUpload(this, new module.Upload()));
  }

  /** Calls into the module; a trap in it breaks the instance. */
  run<T>(call: (module: Module) => T): T {
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

  /** In an instance that broke down nothing is freed piece by piece: it goes as a whole. */
  release(handle: { delete(): void }): void {
    if (this.#usable) handle.delete();
  }

  /** A fresh view: growth of the memory detaches those made before it. */
  bytes(span: Span): Uint8Array {
    return new Uint8Array(this.memory, span.address, span.size);
  }

  get memory(): ArrayBufferLike {
    const { wasmMemory, HEAPU8 } = this.#module;
    return ((wasmMemory as WebAssembly.Memory | undefined) ?? (HEAPU8 as Uint8Array)).buffer;
  }
}

interface Owner {
  run<T>(call: () => T): T;
  release(handle: { delete(): void }): void;
  bytes(span: Span): Uint8Array;
}

/** Bytes in wasm memory, such as a file. */
export class CoreUpload<Handle extends UploadHandle> {
  readonly #owner: Owner;
  readonly handle: Handle;

  constructor(owner: Owner, handle: Handle) {
    this.#owner = owner;
    this.handle = handle;
  }

  /** Errors: OutOfMemory. */
  reserve(size: number): void {
    if (!this.#owner.run(() => this.handle.reserve(size))) throw outOfMemory();
  }

  /** Gives the copy, a view for now. Errors: OutOfMemory. */
  append(bytes: Uint8Array): Uint8Array {
    const span = this.#owner.run(() => this.handle.append(bytes.length));
    if (span.address === 0 && bytes.length > 0) throw outOfMemory();
    const copy = this.#owner.bytes(span);
    copy.set(bytes);
    return copy;
  }

  dispose(): void {
    this.#owner.release(this.handle);
  }
}

/** Rejects with whatever WebAssembly says. @internal */
export async function instantiate<Module>(
  create: Create<Module>,
  compiled: WebAssembly.Module,
  options: object = {},
): Promise<Module> {
  return new Promise((resolve, reject) => {
    // The glue waits for `receive` and would wait for ever where instantiation fails.
    const instantiateWasm = (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance, compiled: WebAssembly.Module) => void,
    ): object => {
      WebAssembly.instantiate(compiled, imports)
        .then((instance) => {
          receive(instance, compiled);
        })
        .catch(reject);
      return {};
    };
    create({ ...options, instantiateWasm }).then(resolve, reject);
  });
}
