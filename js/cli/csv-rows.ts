// Predicts the rows of a CSV: columns are found by their names, and the model takes a block at a time.

import type { InThreadModel } from "../index.js";
import { CellReader } from "./cells.js";
import { CsvScanner } from "./csv.js";
import { CliError } from "./errors.js";
import type { Job, PredictedRow, RowSource } from "./rows.js";
import { scanChunks } from "./scanner.js";

const FIRST_BLOCK_ROWS = 1024;

export class CsvRows implements RowSource {
  #header: readonly string[] = [];
  readonly #scanner = new CsvScanner();
  readonly #features: number;
  /** One a feature, in the order of the schema. */
  #readers: readonly CellReader[] = [];
  #readerOfColumn: readonly (CellReader | undefined)[] = [];
  #values: Float64Array; // [rows, features]
  #rows = 0;
  #kept: string[] = [];

  constructor(
    private readonly model: InThreadModel,
    private readonly job: Job,
  ) {
    this.#features = model.description.features.length;
    this.#values = new Float64Array(FIRST_BLOCK_ROWS * this.#features);
  }

  get columns(): readonly string[] {
    return this.job.keep === undefined ? [] : this.#header;
  }

  async *batches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PredictedRow[]> {
    const take = (): void => {
      this.#take();
    };
    yield* scanChunks(chunks, this.#scanner, take, () => (this.#rows === 0 ? [] : this.#predict()));
    if (this.#header.length > 0) return;
    const what = "line 1: the input is empty; a CSV begins with the names of its columns";
    throw new CliError("InputMalformed", what, { line: 1 });
  }

  #take(): void {
    if (this.#header.length === 0) this.#takeHeader();
    // A blank line is a row of its own only where a row is one cell.
    else if (!this.#scanner.empty || this.#header.length === 1) this.#takeRow();
  }

  #takeHeader(): void {
    const scanner = this.#scanner;
    const columns = Array.from({ length: scanner.cells }, (_, i) => scanner.text(i).trim());
    const features = new Map(this.model.description.features.map((f) => [f.name, f]));
    const readers = columns.map((name, i) => {
      const feature = features.get(name);
      return feature === undefined ? undefined : new CellReader(feature, i);
    });
    this.#checkHeader(columns, readers);
    const byName = new Map(readers.map((reader) => [reader?.feature.name, reader]));
    this.#readers = [...features.keys()].flatMap((name) => byName.get(name) ?? []);
    this.#readerOfColumn = readers;
    this.#header = columns;
  }

  #checkHeader(columns: string[], readers: (CellReader | undefined)[]): void {
    const { line } = this.#scanner;
    const fail = (code: CliError["code"], column: string, what: string): never => {
      throw new CliError(code, `line ${line}: ${what}`, { line, column });
    };
    const present = new Set<string>();
    for (const column of columns) {
      if (present.has(column)) fail("InputMalformed", column, `two columns are called "${column}"`);
      present.add(column);
    }
    for (const { name } of this.model.description.features) {
      if (!present.has(name)) fail("FeatureMissing", name, `the header has no column "${name}"`);
    }
    const extra = columns.find((_, i) => readers[i] === undefined);
    if (extra !== undefined && this.job.keep === undefined) {
      const what = `column "${extra}" is no feature (--keep-columns lets it pass)`;
      fail("FeatureUnexpected", extra, what);
    }
  }

  #takeRow(): void {
    const scanner = this.#scanner;
    if (scanner.cells !== this.#header.length) {
      const what = `${scanner.cells} cells where the header has ${this.#header.length}`;
      throw new CliError("RowLength", `line ${scanner.line}: ${what}`, { line: scanner.line });
    }
    const start = this.#rows * this.#features;
    if (start === this.#values.length) this.#grow();
    let at = start;
    for (const reader of this.#readers) this.#values[at++] = reader.read(scanner);
    if (this.job.keep === "csv") this.#kept.push(scanner.record());
    else if (this.job.keep !== undefined) this.#kept.push(this.#members());
    this.#rows += 1;
  }

  #grow(): void {
    const larger = new Float64Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }

  /** The current row as members of a JSON object. */
  #members(): string {
    const scanner = this.#scanner;
    return this.#header
      .map((name, i) => {
        const reader = this.#readerOfColumn[i];
        const value = reader ? reader.json(reader.read(scanner)) : JSON.stringify(scanner.text(i));
        return `${JSON.stringify(name)}:${value}`;
      })
      .join(",");
  }

  #predict(): PredictedRow[] {
    const values = this.#values.subarray(0, this.#rows * this.#features);
    const predictions = this.#predictions(values);
    const probabilities = this.job.proba
      ? this.model.predictProba(values).probabilities
      : new Float64Array(0);
    const classes = probabilities.length / this.#rows;
    const kept = this.#kept;
    this.#rows = 0;
    this.#kept = [];
    return predictions.map((prediction, i) => {
      const row: PredictedRow = { prediction };
      if (classes > 0) row.probabilities = probabilities.subarray(i * classes, (i + 1) * classes);
      const own = kept[i];
      if (own !== undefined) row.kept = own;
      return row;
    });
  }

  #predictions(values: Float64Array): PredictedRow["prediction"][] {
    const result = this.model.predict(values);
    if (result.predictions) return Array.from(result.predictions);
    return Array.from(result.classIndices, (index) => result.classes[index] ?? null);
  }
}
