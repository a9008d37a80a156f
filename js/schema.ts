// Checks rows against the input schema and turns them into numbers.

import type { Feature, FeatureType } from "./description.js";
import type { Rows } from "./rows.js";
import { AndonError } from "./errors.js";

/** Numbers for numeric features (`bigint` for int64 as well), booleans for bool, null where nullable. */
export type FeatureValue = number | bigint | boolean | null;
export type FeatureRecord = Readonly<Record<string, FeatureValue>>;
/** One value a feature, in the order of the schema. */
export type FeatureRow = readonly FeatureValue[];
export type RowInput = FeatureRecord | FeatureRow;

/** The number of a value, or nothing where the value is not of the type. */
const toNumber: Record<FeatureType, (value: FeatureValue) => number | undefined> = {
  float32: (value) => (typeof value === "number" ? value : undefined),
  float64: (value) => (typeof value === "number" ? value : undefined),
  int32: (value) => (typeof value === "number" && (value | 0) === value ? value : undefined),
  int64: int64Number,
  bool: (value) => (typeof value === "boolean" ? Number(value) : undefined),
  string: () => undefined, // no kind of model takes text yet
};

function int64Number(value: FeatureValue): number | undefined {
  if (typeof value === "bigint") {
    return BigInt.asIntN(64, value) === value ? Number(value) : undefined;
  }
  const inRange = Number.isInteger(value) && Math.abs(value as number) <= 2 ** 63;
  return inRange && value !== 2 ** 63 ? (value as number) : undefined;
}

export class Schema {
  readonly #features: readonly Feature[];

  constructor(features: readonly Feature[]) {
    this.#features = features;
  }

  /** Values a row. */
  get width(): number {
    return this.#features.length;
  }

  /**
   * Writes the numbers of `row` at `start`.
   * Errors: RowLength, FeatureMissing, FeatureUnexpected, FeatureValue, FeatureNull.
   */
  encode(row: RowInput, into: Float64Array, start: number): void {
    if (Array.isArray(row)) this.#encodeRow(row as FeatureRow, into, start);
    else this.#encodeRecord(row as FeatureRecord, into, start);
  }

  /** Errors: BatchLength. */
  requireWholeRows(batch: Rows): void {
    if (batch.length % this.width === 0) return;
    throw new AndonError(
      "BatchLength",
      `batch: ${batch.length} values are not a whole number of rows of ${this.width}`,
    );
  }

  #encodeRow(row: FeatureRow, into: Float64Array, start: number): void {
    if (row.length !== this.width) {
      throw new AndonError("RowLength", `row: ${row.length} values for ${this.width} features`);
    }
    for (let i = 0; i < row.length; i++) into[start + i] = this.#number(i, row[i]);
  }

  #encodeRecord(record: FeatureRecord, into: Float64Array, start: number): void {
    const keys = Object.keys(record);
    // Records mostly list their features in the order of the schema; looking each up takes longer.
    const inOrder = keys.length === this.width && keys.every((key, i) => key === this.#name(i));
    const row = inOrder ? Object.values(record) : this.#inSchemaOrder(record, keys);
    this.#encodeRow(row, into, start);
  }

  #inSchemaOrder(record: FeatureRecord, keys: readonly string[]): FeatureRow {
    const row = this.#features.map(({ name }) => {
      if (Object.hasOwn(record, name)) return record[name] as FeatureValue;
      throw new AndonError("FeatureMissing", `record: no '${name}'`);
    });
    if (keys.length !== row.length) throw this.#unexpected(keys);
    return row;
  }

  #number(index: number, value: FeatureValue | undefined): number {
    const feature = this.#features[index] as Feature;
    if (value === null && feature.nullable) return NaN;
    const number = value == null ? undefined : toNumber[feature.type](value);
    if (number !== undefined) return number;
    throw value === null
      ? new AndonError("FeatureNull", `'${feature.name}': null, though not nullable`)
      : new AndonError("FeatureValue", `'${feature.name}': no ${feature.type}: ${shown(value)}`);
  }

  #name(index: number): string {
    return (this.#features[index] as Feature).name;
  }

  #unexpected(keys: readonly string[]): AndonError {
    const names = new Set(this.#features.map((feature) => feature.name));
    const extra = keys.find((key) => !names.has(key));
    return new AndonError("FeatureUnexpected", `record: '${extra ?? ""}' is no feature`);
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? `the text '${value.slice(0, 64)}'` : String(value);
}
