// Rows of a CSV file in, the same rows with predictions out, a block at a time.

import type { Feature, InThreadModel } from "../app/andon.js";
import { parseValue } from "../app/values.js";
import { csvCell, CsvError, type Row } from "./csv-reader.js";

const valuesInBlock = 262_144; // 2 MiB of numbers, whatever the number of features
const mostRowsInBlock = 4096;
const mostProbabilities = 32; // classes; beyond that the table would be mostly probabilities

export interface Scored {
  row: Row;
  answers: string[];
}

export class Scorer {
  columns: string[] = [];
  unused: string[] = []; // columns that are no feature
  readonly answers: string[]; // names of the columns that are added
  private readonly features: readonly Feature[];
  private readonly withProbabilities: boolean;
  private readonly values: Float64Array; // [rows in a block, features]
  private columnOf: number[] = []; // of each feature
  private rows: Row[] = [];

  constructor(private readonly model: InThreadModel) {
    const { features, classes } = model.description;
    this.features = features;
    this.withProbabilities = classes.length > 0 && classes.length <= mostProbabilities;
    const probabilities = this.withProbabilities
      ? classes.map((name) => `probability_${name}`)
      : [];
    this.answers = ["prediction", ...probabilities];
    const fitting = Math.floor(valuesInBlock / features.length);
    this.values = new Float64Array(
      Math.min(mostRowsInBlock, Math.max(1, fitting)) * features.length,
    );
  }

  get full(): boolean {
    return this.rows.length * this.features.length === this.values.length;
  }

  header({ cells, line }: Row): void {
    const columns = cells.map((name) => name.trim());
    const places = new Map(columns.map((name, index) => [name, index])); // the last of each name
    const repeated = columns.find((name, index) => places.get(name) !== index);
    if (repeated !== undefined) throw new CsvError("two columns have this name", line, repeated);
    this.columnOf = this.features.map(({ name }) => {
      const place = places.get(name);
      if (place === undefined) throw new CsvError("this column is missing", line, name);
      places.delete(name);
      return place;
    });
    this.columns = columns;
    this.unused = [...places.keys()];
  }

  /** REQUIRES: header() was called, and the block is not full. */
  add(row: Row): void {
    const { length } = this.columns;
    if (row.cells.length !== length)
      throw new CsvError(`${row.cells.length} cells where the first line has ${length}`, row.line);
    const start = this.rows.length * this.features.length;
    this.features.forEach((feature, index) => {
      const parsed = parseValue(row.cells[this.columnOf[index] ?? 0] ?? "", feature);
      if (!parsed.ok) throw new CsvError(`the value ${parsed.problem}`, row.line, feature.name);
      this.values[start + index] = parsed.value === null ? NaN : Number(parsed.value);
    });
    this.rows.push(row);
  }

  /** Predicts the rows gathered so far and forgets them. */
  score(): Scored[] {
    const { rows } = this;
    if (rows.length === 0) return [];
    const values = this.values.subarray(0, rows.length * this.features.length);
    const answers = this.predict(values);
    this.rows = [];
    return rows.map((row, index) => ({ row, answers: answers(index) }));
  }

  private predict(values: Float64Array): (row: number) => string[] {
    const result = this.model.predict(values);
    const { predictions } = result;
    if (predictions !== undefined) return (row) => [written(predictions[row])];
    const { classIndices, classes } = result;
    const prediction = (row: number): string => classes[classIndices[row] ?? -1] ?? "";
    if (!this.withProbabilities) return (row) => [prediction(row)];
    const { probabilities } = this.model.predictProba(values);
    const width = classes.length;
    return (row) => [
      prediction(row),
      ...Array.from(probabilities.subarray(row * width, (row + 1) * width), written),
    ];
  }
}

function written(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "" : String(value);
}

export function csvLine({ row, answers }: Scored): string {
  return `${row.text},${answers.map(csvCell).join(",")}\n`;
}
