// The WebAssembly core: the one module that knows the generated glue.

import createAndon, {
  type MainModule,
  type Opened,
  type Span,
  type Upload,
} from "./wasm/andon.mjs";
import { AndonError, reasonOf } from "./errors.js";
import type { ErrorCode } from "./generated/error-codes.js";
import type { ModelDescription, Weights } from "./description.js";
import type { Rows } from "./rows.js";
import type { Policy } from "./trust.js";
import type { Verdict } from "./verdict.js";

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

  /** The largest file that `open` takes, in bytes. */
  get maxFileBytes(): number {
    return this.#module.maxFileBytes;
  }

  upload(): CoreUpload {
    return this.run((module) => new CoreUpload(this, new module.Upload()));
  }

  /** Verifies and builds. Errors: all of the core's, with the verdict. */
  open(file: CoreUpload, policy: Policy): CoreModel {
    return this.run((module) => {
      const rules = new module.Policy();
      try {
        rules.allowUnsigned = policy.allowUnsigned;
        rules.allowUnknownSigner = policy.allowUnknownSigner;
        for (const { bytes, name } of policy.keys) rules.trust(bytes, name);
        return new CoreModel(this, new module.Opened(file.handle, rules));
      } finally {
        rules.delete();
      }
    });
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

  /** Errors: OutOfMemory. */
  append(bytes: Uint8Array): void {
    const span = this.#core.run(() => this.handle.append(bytes.length));
    if (span.address === 0 && bytes.length > 0) throw outOfMemory();
    this.#core.bytes(span).set(bytes);
  }

  dispose(): void {
    this.#core.release(this.handle);
  }
}

// Rows cross in pieces of this many bytes, so that a piece is still in the cache when it is read.
const pieceBytes = 512 * 1024; // as doubles; half of it as floats

/** A verified model in wasm memory. */
export class CoreModel {
  readonly #core: Core;
  readonly #handle: Opened;
  readonly #features: number;
  readonly #outputs: number;
  readonly #pieceRows: number;
  #views: Views;
  readonly verdict: Verdict;
  readonly description: ModelDescription;

  /** Owns `handle`. Errors: the one that `handle` holds. */
  constructor(core: Core, handle: Opened) {
    this.#core = core;
    this.#handle = handle;
    try {
      this.verdict = this.#json(handle.verdict()) as Verdict;
      requireOk(handle, this.verdict);
      this.description = this.#json(handle.description()) as ModelDescription;
      this.#features = this.description.features.length;
      this.#outputs = handle.outputCount();
      const rowBytes = 8 * Math.max(this.#features, this.#outputs);
      this.#pieceRows = Math.max(1, Math.floor(pieceBytes / rowBytes));
      handle.prepare(this.#pieceRows);
      this.#views = this.#freshViews();
    } catch (thrown) {
      handle.delete();
      throw thrown;
    }
  }

  get outputs(): number {
    return this.#outputs;
  }

  weights(): Weights {
    const numbers = (span: Span): Float64Array =>
      new Float64Array(this.#core.memory, span.address, span.size / 8).slice();
    return this.#core.run(() => ({
      coefficients: numbers(this.#handle.coefficients()),
      intercept: numbers(this.#handle.intercept()),
    }));
  }

  /** Outputs of whole rows, in the type of the rows. */
  predict(rows: Rows): Rows {
    const wide = rows.BYTES_PER_ELEMENT === 8;
    const count = rows.length / this.#features;
    const outputs = wide
      ? new Float64Array(count * this.#outputs)
      : new Float32Array(count * this.#outputs);
    for (let row = 0; row < count; row += this.#pieceRows) {
      const piece = Math.min(this.#pieceRows, count - row);
      const { input, output } = this.#current(wide);
      const start = row * this.#features;
      const end = start + piece * this.#features;
      input.set(start === 0 && end === rows.length ? rows : rows.subarray(start, end));
      this.#core.run(() => {
        if (wide) this.#handle.runF64(piece);
        else this.#handle.runF32(piece);
      });
      outputs.set(output.subarray(0, piece * this.#outputs), row * this.#outputs);
    }
    return outputs;
  }

  dispose(): void {
    this.#core.release(this.#handle);
  }

  #current(wide: boolean): View {
    if (this.#views.wide.input.buffer !== this.#core.memory) this.#views = this.#freshViews();
    return wide ? this.#views.wide : this.#views.narrow;
  }

  #freshViews(): Views {
    const { memory } = this.#core;
    const input = this.#handle.input();
    const output = this.#handle.output();
    return {
      wide: {
        input: new Float64Array(memory, input.address, input.size / 8),
        output: new Float64Array(memory, output.address, output.size / 8),
      },
      narrow: {
        input: new Float32Array(memory, input.address, input.size / 4),
        output: new Float32Array(memory, output.address, output.size / 4),
      },
    };
  }

  #json(span: Span): unknown {
    return JSON.parse(new TextDecoder().decode(this.#core.bytes(span)));
  }
}

interface View {
  input: Rows;
  output: Rows;
}

interface Views {
  wide: View;
  narrow: View;
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

function requireOk(outcome: { code(): string; message(): string }, verdict?: Verdict): void {
  const code = outcome.code();
  if (code !== "Ok") throw new AndonError(code as ErrorCode, outcome.message(), { verdict });
}

function outOfMemory(cause?: unknown): AndonError {
  return new AndonError("OutOfMemory", "core: the memory that the file needs is not available", {
    cause,
  });
}
