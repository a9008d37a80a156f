// What somebody writes who needs no library: loops over typed arrays, four sums at a time.

const sigmoid = (score) => 1 / (1 + Math.exp(-score));

function dense({ features, outputs, weights, intercept }, rows, out) {
  const count = rows.length / features;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < outputs; j++) {
      const row = i * features;
      const weight = j * features;
      let a = intercept[j];
      let b = 0;
      let c = 0;
      let d = 0;
      for (let k = 0; k < features; k += 4) {
        a += rows[row + k] * weights[weight + k];
        b += rows[row + k + 1] * weights[weight + k + 1];
        c += rows[row + k + 2] * weights[weight + k + 2];
        d += rows[row + k + 3] * weights[weight + k + 3];
      }
      out[i * outputs + j] = a + b + (c + d);
    }
  }
}

function softmax(out, classes) {
  for (let row = 0; row < out.length; row += classes) {
    let max = out[row];
    for (let j = 1; j < classes; j++) max = Math.max(max, out[row + j]);
    let total = 0;
    for (let j = 0; j < classes; j++) total += out[row + j] = Math.exp(out[row + j] - max);
    for (let j = 0; j < classes; j++) out[row + j] /= total;
  }
}

export async function load(model) {
  const run = (rows) => {
    const out = new Float32Array((rows.length / model.features) * model.outputs);
    dense(model, rows, out);
    if (model.head === "sigmoid") for (let i = 0; i < out.length; i++) out[i] = sigmoid(out[i]);
    if (model.head === "softmax") softmax(out, model.outputs);
    return out;
  };
  return { run, one: run, result: run };
}
