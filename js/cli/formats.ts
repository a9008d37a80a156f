// The formats of rows, by option and by file name.

import { extname } from "node:path";
import { UsageError } from "./errors.js";
import type { RowFormat } from "./rows.js";

const BY_NAME: ReadonlyMap<string, RowFormat> = new Map([
  ["csv", "csv"],
  ["json", "json"],
  ["jsonl", "jsonl"],
  ["ndjson", "jsonl"],
]);

/** The format that an option names. Throws UsageError. */
export function namedFormat(option: string, value: string | undefined): RowFormat | undefined {
  if (value === undefined) return undefined;
  const format = BY_NAME.get(value.toLowerCase());
  if (format !== undefined) return format;
  throw new UsageError(`predict: --${option} is csv, json or jsonl, not '${value}'`, "predict");
}

/** The format that a file is called after, if it is. */
export function formatOfFile(path: string): RowFormat | undefined {
  return BY_NAME.get(extname(path).slice(1).toLowerCase());
}
