// Predicted rows as CSV, a JSON array or JSON Lines.

import { csvCell } from "./csv.js";
import { CliError } from "./errors.js";
import type { PredictedRow, RowFormat } from "./rows.js";

export interface WriterOptions {
  /** The classes whose probabilities are written; empty for none. */
  classes: readonly string[];
}

export interface RowWriter {
  /** What comes before the first row. `columns`: those that the rows keep. */
  begin(columns: readonly string[]): string;
  rows(rows: readonly PredictedRow[]): string;
  end(): string;
}

export function rowWriter(format: RowFormat, options: WriterOptions): RowWriter {
  if (format === "csv") return new CsvWriter(options.classes);
  return format === "json"
    ? new JsonArrayWriter(options.classes)
    : new JsonLinesWriter(options.classes);
}

class CsvWriter implements RowWriter {
  readonly #own: readonly string[];
  readonly #cells = new Map<string, string>();

  constructor(classes: readonly string[]) {
    this.#own = ["prediction", ...classes.map((label) => `probability_${label}`)];
  }

  begin(columns: readonly string[]): string {
    refuseClash(columns, this.#own);
    return `${[...columns, ...this.#own].map(csvCell).join(",")}\n`;
  }

  rows(rows: readonly PredictedRow[]): string {
    let text = "";
    for (const { prediction, probabilities, kept } of rows) {
      if (kept !== undefined) text += `${kept},`;
      text += this.#cell(prediction);
      for (let i = 0; i < (probabilities?.length ?? 0); i += 1) {
        text += `,${this.#cell(probabilities?.[i] ?? NaN)}`;
      }
      text += "\n";
    }
    return text;
  }

  end(): string {
    return "";
  }

  #cell(value: number | string | null): string {
    if (value === null || Number.isNaN(value)) return "";
    if (typeof value === "number") return String(value);
    let cell = this.#cells.get(value);
    if (cell === undefined) this.#cells.set(value, (cell = csvCell(value)));
    return cell;
  }
}

class JsonLinesWriter implements RowWriter {
  readonly #keys: readonly string[];

  constructor(classes: readonly string[]) {
    this.#keys = classes.map((label) => JSON.stringify(label));
  }

  begin(columns: readonly string[]): string {
    refuseClash(
      columns,
      this.#keys.length === 0 ? ["prediction"] : ["prediction", "probabilities"],
    );
    return "";
  }

  rows(rows: readonly PredictedRow[]): string {
    return rows.map((row) => `${this.object(row)}\n`).join("");
  }

  end(): string {
    return "";
  }

  protected object({ prediction, probabilities, kept }: PredictedRow): string {
    const members = kept ? [kept] : [];
    members.push(`"prediction":${JSON.stringify(prediction)}`);
    if (probabilities !== undefined) {
      const each = this.#keys.map((key, i) => `${key}:${JSON.stringify(probabilities[i])}`);
      members.push(`"probabilities":{${each.join(",")}}`);
    }
    return `{${members.join(",")}}`;
  }
}

class JsonArrayWriter extends JsonLinesWriter {
  #separator = "";

  override begin(columns: readonly string[]): string {
    return `[${super.begin(columns)}`;
  }

  override rows(rows: readonly PredictedRow[]): string {
    let text = "";
    for (const row of rows) {
      text += `${this.#separator}\n${this.object(row)}`;
      this.#separator = ",";
    }
    return text;
  }

  override end(): string {
    return "\n]\n";
  }
}

function refuseClash(columns: readonly string[], own: readonly string[]): void {
  const clash = own.find((name) => columns.includes(name));
  if (clash === undefined) return;
  const what = `the input already has a column "${clash}": rename it, or leave out --keep-columns`;
  throw new CliError("InvalidArgument", what);
}
