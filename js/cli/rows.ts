// What stands between the readers, the model and the writers: rows that have been predicted.

export type RowFormat = "csv" | "json" | "jsonl";

export interface PredictedRow {
  prediction: number | string | null;
  /** One a class, where they were asked for. */
  probabilities?: ArrayLike<number>;
  /** The row's own columns, ready to be written before the prediction. */
  kept?: string;
}

export interface Job {
  /** Whether probabilities are wanted. */
  proba: boolean;
  /** In which format, if at all, the row's own columns are wanted. */
  keep: RowFormat | undefined;
}

export interface RowSource {
  /** The kept columns, once the first batch has come; empty where none are kept. */
  readonly columns: readonly string[];
  batches(chunks: AsyncIterable<Uint8Array>): AsyncIterable<PredictedRow[]>;
}
