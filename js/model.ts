import type { Rows } from "./rows.js";
import type { ModelDescription, Weights } from "./description.js";
import { dispose, holding, ours, ownedBy, requireOurs } from "./handle.js";
import { Inner, type OwnedSession } from "./inner.js";
import { isBatch, isStream, type RowStream, type Stream } from "./input.js";
import type {
  BatchPrediction,
  BatchProbabilities,
  Prediction,
  Probabilities,
  Shape,
} from "./results.js";
import type { RowInput } from "./schema.js";
import type { OpenedModel } from "./session.js";
import { answers } from "./stream.js";
import type { Verdict } from "./verdict.js";

/**
 * A verified model whose methods return promises; it runs in a worker or in this thread.
 *
 * Everything throws `AndonError`: `Disposed` after `dispose()`, `WorkerFailed` when its worker ends
 * unasked, and what `predict` says of its argument.
 */
export class Model {
  readonly kind = "model";
  readonly verdict: Verdict;
  readonly description: ModelDescription;
  readonly #inner: Inner<OwnedSession>;
  readonly #release: () => void;

  private constructor(token: symbol, inner: Inner<OwnedSession>) {
    requireOurs(token);
    this.verdict = inner.opened.verdict;
    this.description = inner.opened.description;
    this.#inner = inner;
    this.#release = ownedBy(this, () => {
      inner.close();
    });
  }

  /** @internal */
  static of(session: OwnedSession, opened: OpenedModel): Model {
    return new Model(ours, new Inner(session, opened));
  }

  /**
   * Predicts a record or row, a batch of rows, or a stream of either, whose answers keep its order.
   *
   * @throws AndonError `FeatureMissing`, `FeatureUnexpected`, `FeatureValue`, `FeatureNull`,
   *   `RowLength`, `BatchLength`, `InvalidArgument`
   */
  predict(row: RowInput): Promise<Prediction>;
  predict(batch: Rows): Promise<BatchPrediction>;
  predict(rows: Stream<RowInput>): AsyncIterable<Prediction>;
  predict(batches: Stream<Rows>): AsyncIterable<BatchPrediction>;
  predict(items: RowStream): AsyncIterable<Prediction | BatchPrediction>;
  predict(
    input: RowInput | Rows | RowStream,
  ): Promise<Prediction | BatchPrediction> | AsyncIterable<Prediction | BatchPrediction> {
    return this.#apply(input, this.#inner.predictions);
  }

  /**
   * The probability of each class; arguments as for `predict`.
   *
   * @throws AndonError `NotAClassifier`, and those of `predict`
   */
  predictProba(row: RowInput): Promise<Probabilities>;
  predictProba(batch: Rows): Promise<BatchProbabilities>;
  predictProba(rows: Stream<RowInput>): AsyncIterable<Probabilities>;
  predictProba(batches: Stream<Rows>): AsyncIterable<BatchProbabilities>;
  predictProba(items: RowStream): AsyncIterable<Probabilities | BatchProbabilities>;
  predictProba(
    input: RowInput | Rows | RowStream,
  ):
    | Promise<Probabilities | BatchProbabilities>
    | AsyncIterable<Probabilities | BatchProbabilities> {
    return this.#apply(input, this.#inner.probabilities);
  }

  /** The coefficients and the intercept, as the file has them. */
  async weights(): Promise<Weights> {
    return holding(this, this.#inner.session.weights());
  }

  /** Frees the model's memory and ends its worker; calls that wait are rejected with `Disposed`. */
  dispose(): void {
    this.#release();
  }

  [dispose](): void {
    this.dispose();
  }

  #apply<One, Many>(
    input: RowInput | Rows | RowStream,
    shapeOf: () => Shape<One, Many>,
  ): Promise<One | Many> | AsyncIterable<One | Many> {
    if (!isStream(input)) return this.#answer(input, shapeOf);
    return answers(input, this.#inner.schema, shapeOf, (rows) => this.#inner.session.predict(rows));
  }

  async #answer<One, Many>(
    input: RowInput | Rows,
    shapeOf: () => Shape<One, Many>,
  ): Promise<One | Many> {
    const { session } = this.#inner;
    const shape = shapeOf();
    const outputs = await holding(this, session.predict(this.#inner.rowsOf(input)));
    return isBatch(input) ? shape.many(outputs) : shape.one(outputs);
  }
}
