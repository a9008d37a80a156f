// A verified model in wasm memory.

import type { Core, Opened, Span } from "./core.js";
import type { ModelDescription, Weights } from "./description.js";
import { outOfMemory, requireOk } from "./errors.js";
import type { Rows } from "./rows.js";
import type { Verdict } from "./verdict.js";

// Rows cross in pieces of this many bytes, so that a piece is still in the cache when it is read.
const pieceBytes = 512 * 1024; // as doubles; half of it as floats

export class CoreModel {
  readonly #core: Core;
  readonly #handle: Opened;
  readonly #features: number;
  readonly #outputs: number;
  readonly #pieceRows: number;
  #preparedRows = 0;
  #views: Views | undefined;
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
    } catch (thrown) {
      handle.delete();
      throw thrown;
    }
  }

  get outputs(): number {
    return this.#outputs;
  }

  weights(): Weights {
    const copy = (span: Span): Float64Array =>
      new Float64Array(this.#core.memory, span.address, span.size / 8).slice();
    return this.#core.run(() => ({
      coefficients: copy(this.#handle.coefficients()),
      intercept: copy(this.#handle.intercept()),
    }));
  }

  /** Outputs of whole rows, in the type of the rows. Errors: OutOfMemory. */
  predict(rows: Rows): Rows {
    const wide = rows.BYTES_PER_ELEMENT === 8;
    const count = rows.length / this.#features;
    const outputs = numbers(wide, count * this.#outputs);
    this.#prepare(count);
    for (let row = 0; row < count; row += this.#pieceRows) {
      const piece = Math.min(this.#pieceRows, count - row);
      const start = row * this.#features;
      const end = start + piece * this.#features;
      const { input, output } = this.#view(wide);
      input.set(piece === count ? rows : rows.subarray(start, end));
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

  /** Room for one row, which is all that many programs need, or for a piece. */
  #prepare(count: number): void {
    const rows = count > 1 ? this.#pieceRows : 1;
    if (rows <= this.#preparedRows) return;
    this.#core.run(() => {
      this.#handle.prepare(rows);
    });
    this.#preparedRows = rows;
    this.#views = undefined;
  }

  #view(wide: boolean): View {
    if (this.#views?.wide.input.buffer !== this.#core.memory) this.#views = this.#freshViews();
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

function numbers(wide: boolean, length: number): Rows {
  try {
    return wide ? new Float64Array(length) : new Float32Array(length);
  } catch (cause) {
    throw outOfMemory(cause);
  }
}
