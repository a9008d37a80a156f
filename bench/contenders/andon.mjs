import { openInThread, pack } from "../../dist/index.js";

export function packed({ head, features, outputs, weights, intercept }) {
  const listed = Array.from({ length: outputs }, (_, j) =>
    Array.from(weights.subarray(j * features, (j + 1) * features)),
  );
  return pack({
    model_id: "8c3f3c0e-1f5a-4c0b-9d4e-5a7b6c8d9e0f",
    version: "1.0.0",
    model: { type: head === "identity" ? "linear_regression" : "logistic_regression" },
    features: Array.from({ length: features }, (_, i) => ({ name: `f${i}`, type: "float32" })),
    weights: {
      dtype: "F32",
      coefficients: outputs === 1 ? listed[0] : listed,
      intercept: Array.from(intercept),
    },
  });
}

/** Of two classes the second, which is what a sigmoid gives. */
function secondColumn(pairs) {
  return Float32Array.from({ length: pairs.length / 2 }, (_, i) => pairs[2 * i + 1]);
}

export async function load(model) {
  const opened = await openInThread(await packed(model));
  const regression = model.head === "identity";
  const run = (rows) =>
    regression ? opened.predict(rows).predictions : opened.predictProba(rows).probabilities;
  return {
    run,
    one: (row) => opened.predict(row),
    result: (rows) => (model.head === "sigmoid" ? secondColumn(run(rows)) : run(rows)),
  };
}
