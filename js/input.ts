// Which of the documented forms an argument of `predict` has.

import type { Rows } from "./rows.js";
import { AndonError } from "./errors.js";
import type { RowInput } from "./schema.js";
import { tagOf } from "./values.js";

export type Stream<T> = AsyncIterable<T> | Iterable<T>;
export type RowStream = Stream<RowInput | Rows>;

export function isBatch(value: unknown): value is Rows {
  return ArrayBuffer.isView(value) && ["Float64Array", "Float32Array"].includes(tagOf(value));
}

export function isStream(input: unknown): input is RowStream {
  if (typeof input !== "object" || input === null || ArrayBuffer.isView(input)) return false;
  // An array is a row, unless its elements are rows themselves.
  if (Array.isArray(input)) return typeof input[0] === "object" && input[0] !== null;
  return Symbol.asyncIterator in input || Symbol.iterator in input;
}

/** Errors: InvalidArgument. */
export function requireRow(input: unknown): asserts input is RowInput {
  if (typeof input === "object" && input !== null && !ArrayBuffer.isView(input)) return;
  throw new AndonError(
    "InvalidArgument",
    "predict: neither a record, a row, a Float32Array or Float64Array, nor an iterable of these",
  );
}
