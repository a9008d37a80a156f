// Predicts rows of JSON one by one: the model itself checks each record against its schema.

import { AndonError, type InThreadModel, type Prediction, type RowInput } from "../index.js";
import { csvCell } from "./csv.js";
import { CliError } from "./errors.js";
import type { JsonRow, JsonScanner } from "./json.js";
import type { Job, PredictedRow, RowSource } from "./rows.js";
import { scanChunks } from "./scanner.js";

type Members = Readonly<Record<string, unknown>>;

export class JsonRows implements RowSource {
  /** The members of the first row. */
  columns: readonly string[] = [];
  readonly #features: readonly string[];
  readonly #batch: PredictedRow[] = [];

  constructor(
    private readonly model: InThreadModel,
    private readonly job: Job,
    private readonly scanner: JsonScanner,
  ) {
    this.#features = model.description.features.map(({ name }) => name);
  }

  batches(chunks: AsyncIterable<Uint8Array>): AsyncIterable<PredictedRow[]> {
    const take = (): void => {
      this.#take();
    };
    return scanChunks(chunks, this.scanner, take, () => this.#batch.splice(0));
  }

  #take(): void {
    const row = this.scanner.row();
    const result = this.#predict(row);
    const predicted: PredictedRow = { prediction: result.prediction };
    if (this.job.proba && result.probabilities) predicted.probabilities = result.probabilities;
    if (this.job.keep !== undefined) predicted.kept = this.#keep(this.#members(row));
    this.#batch.push(predicted);
  }

  #predict(row: JsonRow): Prediction {
    this.#requireFlat(row);
    try {
      return this.model.predict(this.#forModel(row) as RowInput);
    } catch (error) {
      if (!(error instanceof AndonError)) throw error;
      throw this.#error(error.code, error.message, error);
    }
  }

  /** An array of arrays would be many rows to the model. */
  #requireFlat(row: JsonRow): void {
    if (!isArray(row) || !row.some((value) => typeof value === "object" && value !== null)) return;
    throw this.#error("FeatureValue", "a value of a row is a number, true, false or null");
  }

  #error(code: CliError["code"], what: string, cause?: unknown): CliError {
    const { line } = this.scanner;
    return new CliError(code, `line ${line}: ${what}`, { line }, { cause });
  }

  /** What the model sees: with --keep-columns, members that are no feature pass it by. */
  #forModel(row: JsonRow): JsonRow {
    if (this.job.keep === undefined || isArray(row)) return row;
    return Object.fromEntries(
      this.#features.filter((name) => Object.hasOwn(row, name)).map((name) => [name, row[name]]),
    );
  }

  #members(row: JsonRow): Members {
    if (!isArray(row)) return row;
    return Object.fromEntries(this.#features.map((name, i) => [name, row[i]]));
  }

  #keep(members: Members): string {
    if (this.columns.length === 0) this.columns = Object.keys(members);
    this.#requireSameColumns(members);
    if (this.job.keep !== "csv") return JSON.stringify(members).slice(1, -1);
    return this.columns.map((name) => csvCell(cellOf(members[name]))).join(",");
  }

  /** What is kept is a table: each row has the members of the first. */
  #requireSameColumns(members: Members): void {
    const missing = this.columns.find((name) => !Object.hasOwn(members, name));
    const names = Object.keys(members);
    if (missing === undefined && names.length === this.columns.length) return;
    const known = new Set(this.columns);
    const extra = names.find((name) => !known.has(name)) ?? "";
    const [code, what] =
      missing === undefined
        ? (["FeatureUnexpected", `has "${extra}", which the first row does not have`] as const)
        : (["FeatureMissing", `lacks "${missing}", which the first row has`] as const);
    throw this.#error(code, `the row ${what}`);
  }
}

function isArray(row: JsonRow): row is readonly unknown[] {
  return Array.isArray(row);
}

function cellOf(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
