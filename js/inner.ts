import type { Rows } from "./rows.js";
import { AndonError } from "./errors.js";
import { isBatch, requireRow } from "./input.js";
import {
  predictionShape,
  probabilityShape,
  type BatchPrediction,
  type BatchProbabilities,
  type Prediction,
  type Probabilities,
  type Shape,
} from "./results.js";
import { Schema } from "./schema.js";
import type { OpenedModel, Session } from "./session.js";

/** A session that one model owns. */
export type OwnedSession = Session & { close(): void };

/** What both kinds of model are made of: a session, and how its numbers become answers. */
export class Inner<Owned extends OwnedSession> {
  readonly opened: OpenedModel;
  readonly schema: Schema;
  readonly #predictions: Shape<Prediction, BatchPrediction>;
  readonly #probabilities: Shape<Probabilities, BatchProbabilities>;
  #session: Owned | undefined;

  constructor(session: Owned, opened: OpenedModel) {
    this.opened = opened;
    this.schema = new Schema(opened.description.features);
    this.#predictions = predictionShape(opened.description);
    this.#probabilities = probabilityShape(opened.description);
    this.#session = session;
  }

  /** Errors: Disposed. */
  get session(): Owned {
    if (this.#session !== undefined) return this.#session;
    throw new AndonError("Disposed", "the model was disposed of");
  }

  readonly predictions = (): Shape<Prediction, BatchPrediction> => this.#predictions;

  /** Errors: NotAClassifier. */
  readonly probabilities = (): Shape<Probabilities, BatchProbabilities> => {
    if (this.opened.description.task === "classification") return this.#probabilities;
    throw new AndonError("NotAClassifier", "a regression gives no probabilities");
  };

  /** The numbers of one row or of a batch. Errors: InvalidArgument, and those of Schema. */
  rowsOf(input: unknown): Rows {
    if (isBatch(input)) {
      this.schema.requireWholeRows(input);
      return input;
    }
    requireRow(input);
    const row = new Float64Array(this.schema.width);
    this.schema.encode(input, row, 0);
    return row;
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }
}
