// Cells of a CSV as values of a feature. To the model every value is a number, a missing one is NaN.

import type { ModelDescription } from "../index.js";
import type { CsvScanner } from "./csv.js";
import { CliError, type Place } from "./errors.js";
import { visible } from "./text.js";

export type Feature = ModelDescription["features"][number];

interface CellType {
  /** What the cell should have been, for the message. */
  readonly noun: string;
  /** NaN when the cell is no value of this type. */
  readonly read: (scanner: CsvScanner, cell: number) => number;
}

const NUMBER: CellType = {
  noun: "a finite number",
  read: (scanner, cell) => {
    const value = scanner.number(cell);
    return Number.isFinite(value) ? value : NaN;
  },
};

const BOOL: CellType = {
  noun: "true, false, 1 or 0",
  read: (scanner, cell) => {
    const text = scanner.text(cell).trim().toLowerCase();
    if (text === "true" || text === "1") return 1;
    return text === "false" || text === "0" ? 0 : NaN;
  },
};

function integer(bits: number): CellType {
  const limit = 2 ** (bits - 1);
  return {
    noun: `an integer of ${bits} bits`,
    read: (scanner, cell) => {
      const value = scanner.number(cell);
      return Number.isInteger(value) && value >= -limit && value < limit ? value : NaN;
    },
  };
}

const TYPES: Readonly<Record<Feature["type"], CellType>> = {
  float32: NUMBER,
  float64: NUMBER,
  int32: integer(32),
  int64: integer(64),
  bool: BOOL,
  string: NUMBER, // No model takes text; a package with such a feature does not open.
};

/** Reads one column of a CSV as one feature. */
export class CellReader {
  readonly #type: CellType;

  constructor(
    readonly feature: Feature,
    readonly column: number,
  ) {
    this.#type = TYPES[feature.type];
  }

  /** Throws FeatureValue or FeatureNull, saying where. */
  read(scanner: CsvScanner): number {
    const value = this.#type.read(scanner, this.column);
    if (!Number.isNaN(value)) return value;
    if (!scanner.blank(this.column)) {
      const text = visible(scanner.text(this.column)).slice(0, 60);
      throw this.#error(scanner, "FeatureValue", `"${text}" is not ${this.#type.noun}`);
    }
    if (!this.feature.nullable) {
      throw this.#error(
        scanner,
        "FeatureNull",
        "the cell is blank, but the feature is not nullable",
      );
    }
    return NaN;
  }

  /** A value of `read`, as JSON. */
  json(value: number): string {
    if (Number.isNaN(value)) return "null";
    return this.feature.type === "bool" ? String(value === 1) : JSON.stringify(value);
  }

  #error(scanner: CsvScanner, code: "FeatureValue" | "FeatureNull", what: string): CliError {
    const place: Place = { line: scanner.line, column: this.feature.name };
    return new CliError(code, `line ${place.line}, column "${place.column ?? ""}": ${what}`, place);
  }
}
