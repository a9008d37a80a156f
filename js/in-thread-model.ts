import type { Rows } from "./rows.js";
import type { ModelDescription, Weights } from "./description.js";
import { dispose, ours, ownedBy, requireOurs } from "./handle.js";
import { Inner } from "./inner.js";
import { isBatch, isStream, type RowStream, type Stream } from "./input.js";
import type {
  BatchPrediction,
  BatchProbabilities,
  Prediction,
  Probabilities,
  Shape,
} from "./results.js";
import type { RowInput } from "./schema.js";
import type { LocalSession, OpenedModel } from "./session.js";
import { answers } from "./stream.js";
import type { Verdict } from "./verdict.js";

/** A verified model in this thread: `predict` returns at once, a row in about a microsecond. */
export class InThreadModel {
  readonly verdict: Verdict;
  readonly description: ModelDescription;
  readonly #inner: Inner<LocalSession>;
  readonly #release: () => void;

  private constructor(token: symbol, inner: Inner<LocalSession>) {
    requireOurs(token);
    this.verdict = inner.opened.verdict;
    this.description = inner.opened.description;
    this.#inner = inner;
    this.#release = ownedBy(this, () => {
      inner.close();
    });
  }

  /** @internal */
  static of(session: LocalSession, opened: OpenedModel): InThreadModel {
    return new InThreadModel(ours, new Inner(session, opened));
  }

  /**
   * Predicts a record or row, a batch of rows, or a stream of either, whose answers keep its order.
   *
   * @throws AndonError `FeatureMissing`, `FeatureUnexpected`, `FeatureValue`, `FeatureNull`,
   *   `RowLength`, `BatchLength`, `InvalidArgument`, `Disposed`
   */
  predict(row: RowInput): Prediction;
  predict(batch: Rows): BatchPrediction;
  predict(rows: Stream<RowInput>): AsyncIterable<Prediction>;
  predict(batches: Stream<Rows>): AsyncIterable<BatchPrediction>;
  predict(items: RowStream): AsyncIterable<Prediction | BatchPrediction>;
  predict(
    input: RowInput | Rows | RowStream,
  ): Prediction | BatchPrediction | AsyncIterable<Prediction | BatchPrediction> {
    return this.#apply(input, this.#inner.predictions);
  }

  /**
   * The probability of each class; arguments as for `predict`.
   *
   * @throws AndonError `NotAClassifier`, and those of `predict`
   */
  predictProba(row: RowInput): Probabilities;
  predictProba(batch: Rows): BatchProbabilities;
  predictProba(rows: Stream<RowInput>): AsyncIterable<Probabilities>;
  predictProba(batches: Stream<Rows>): AsyncIterable<BatchProbabilities>;
  predictProba(items: RowStream): AsyncIterable<Probabilities | BatchProbabilities>;
  predictProba(
    input: RowInput | Rows | RowStream,
  ): Probabilities | BatchProbabilities | AsyncIterable<Probabilities | BatchProbabilities> {
    return this.#apply(input, this.#inner.probabilities);
  }

  /** The coefficients and the intercept, as the file has them. */
  weights(): Weights {
    return this.#inner.session.weights();
  }

  /** Frees the model's memory. */
  dispose(): void {
    this.#release();
  }

  [dispose](): void {
    this.dispose();
  }

  #apply<One, Many>(
    input: RowInput | Rows | RowStream,
    shapeOf: () => Shape<One, Many>,
  ): One | Many | AsyncIterable<One | Many> {
    if (isStream(input)) {
      const predict = (rows: Rows): Rows => this.#inner.session.predict(rows);
      return answers(input, this.#inner.schema, shapeOf, predict);
    }
    const { session } = this.#inner;
    const shape = shapeOf();
    const outputs = session.predict(this.#inner.rowsOf(input));
    return isBatch(input) ? shape.many(outputs) : shape.one(outputs);
  }
}
