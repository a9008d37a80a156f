// What is computed: three models over the same rows. Everything is made from one seed.

export const rowCount = 100_000;
export const featureCount = 64;

/** Numbers in [-0.5, 0.5), the same everywhere (Numerical Recipes' linear congruential generator). */
function numbers(count, seed) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

export const rows = numbers(rowCount * featureCount, 1); // [rowCount, featureCount]

/** weights [outputs, features]; head: what follows the dense layer. */
function model(name, head, outputs, features = featureCount) {
  return {
    name,
    head,
    outputs,
    features,
    weights: numbers(outputs * features, 2),
    intercept: numbers(outputs, 3),
  };
}

export const models = [
  model("linear", "identity", 1),
  model("logistic", "sigmoid", 1),
  model("3-class softmax", "softmax", 3),
];

export const smallModel = model("linear, 4 features", "identity", 1, 4);
