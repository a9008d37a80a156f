// Predictions against those of scikit-learn on the same coefficients, to 1e-6 relative.

import { describe, expect, test } from "@jest/globals";
import { openInThread, pack, type PackDescription } from "andon";
import { identity } from "./support/models.js";
import { readShared } from "./support/shared.js";

interface Data {
  X: number[][];
}
interface Regression {
  coef: number[];
  intercept: number;
  pred: number[];
}
interface Classifier {
  coef: number[][];
  intercept: number[];
  proba: number[][];
  pred: number[];
}
interface Scaler {
  mean: number[];
  scale: number[];
}
const regressions = [
  ["linear_regression", "diabetes/LinearRegression"],
  ["ridge", "diabetes/Ridge_a1"],
  ["lasso", "diabetes/Lasso_a0.1"],
  ["elastic_net", "diabetes/ElasticNet"],
] as const;
type Truth = Record<(typeof regressions)[number][1], Regression> & {
  "iris/StandardScaler": Scaler;
  "iris/LogisticRegression_scaled": Classifier;
};

const truth = readShared("classic/truth.json") as Truth | undefined;
const diabetes = readShared("classic/data-diabetes.json") as Data | undefined;
const iris = readShared("classic/data-iris.json") as Data | undefined;

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs((actual[i] ?? NaN) - value);
    expect(error).toBeLessThanOrEqual(1e-6 * Math.abs(value) + 1e-12);
  });
}

const features = (count: number): PackDescription["features"] =>
  Array.from({ length: count }, (_, i) => ({ name: `x${i}`, type: "float64" }));

describe.each(regressions)("%s", (type, name) => {
  test(`predicts as ${name} does`, async () => {
    if (truth === undefined || diabetes === undefined) return;
    const { coef, intercept, pred } = truth[name];
    const model = await openInThread(
      await pack({
        ...identity,
        model: { type },
        features: features(coef.length),
        weights: { dtype: "F64", coefficients: coef, intercept: [intercept] },
      }),
    );
    const batch = model.predict(Float64Array.from(diabetes.X.flat()));
    expectClose(batch.predictions ?? [], pred);
    const single = diabetes.X.map((row) => model.predict(row).prediction);
    expect(single).toEqual(Array.from(batch.predictions ?? []));
    model.dispose();
  });
});

test("logistic_regression predicts as iris/LogisticRegression does", async () => {
  if (truth === undefined || iris === undefined) return;
  const { mean, scale } = truth["iris/StandardScaler"];
  const { coef, intercept, proba, pred } = truth["iris/LogisticRegression_scaled"];
  const rows = iris.X.map((row) => row.map((x, i) => (x - (mean[i] ?? NaN)) / (scale[i] ?? NaN)));
  const model = await openInThread(
    await pack({
      ...identity,
      model: { type: "logistic_regression" },
      features: features(4),
      weights: { dtype: "F64", coefficients: coef, intercept },
    }),
  );
  const batch = Float64Array.from(rows.flat());
  expectClose(model.predictProba(batch).probabilities, proba.flat());
  expect(Array.from(model.predict(batch).classIndices ?? [])).toEqual(pred);
  model.dispose();
});
