import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pack, type Model } from "andon";
import { codeOf } from "./support/errors.js";
import {
  homes,
  identity,
  regression,
  regressionFile,
  softmax,
  softmaxFile,
  wideFile,
} from "./support/models.js";

const logistic = (...scores: number[]): number[] => {
  const powers = scores.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};

describe.each(homes)("%s", (_, openHere) => {
  let line: Model;
  let classes: Model;
  beforeAll(async () => {
    line = await openHere(await regressionFile());
    classes = await openHere(await softmaxFile());
  });
  afterAll(() => {
    line.dispose();
    classes.dispose();
  });

  test("the description says what was packed", async () => {
    const model = await openHere(
      await pack({
        ...regression,
        compatibility: "minor",
        model: {
          type: "elastic_net",
          alpha: 0.5,
          l1_ratio: 0.25,
          hyperparameters: { tol: "1e-4" },
        },
        provenance: {
          git_commit: "abc",
          random_seed: "18446744073709551615",
          training_timestamp: 7,
        },
      }),
    );
    expect(model.description).toMatchObject({
      format: "aprender",
      schemaVersion: 2,
      modelId: identity.model_id,
      version: identity.version,
      compatibility: "minor",
      task: "regression",
      architecture: {
        type: "elastic_net",
        fitIntercept: true,
        alpha: 0.5,
        l1Ratio: 0.25,
        hyperparameters: { tol: "1e-4" },
      },
      classes: [],
      features: [
        { name: "height", type: "float64", nullable: false },
        { name: "width", type: "float64", nullable: false },
      ],
      provenance: {
        gitCommit: "abc",
        randomSeed: "18446744073709551615",
        trainingTimestamp: 7,
      },
    });
    const names = model.description.files.map((file) => file.name).sort();
    expect(names).toEqual(["manifest.json", "metadata.pb", "weights.safetensors"]);
    expect(model.description.tensors.map((tensor) => tensor.dtype)).toEqual(["F64", "F64"]);
    model.dispose();
  });

  test("a regression predicts a number", async () => {
    expect(await line.predict({ height: 1.5, width: 0.25 })).toEqual({ prediction: 2.75 });
  });

  test("a batch of float64 gives float64, a batch of float32 gives float32", async () => {
    const values = [1, 0, 0, 1, 0.5, 0.5];
    const wide = await line.predict(Float64Array.from(values));
    expect(wide).toEqual({ predictions: Float64Array.of(2.5, -2.5, 0) });
    const narrow = await line.predict(Float32Array.from(values));
    expect(narrow).toEqual({ predictions: Float32Array.of(2.5, -2.5, 0) });
  });

  test("a batch leaves the caller's array as it was", async () => {
    const rows = Float32Array.of(1, 2, 3, 4);
    await line.predict(rows);
    expect(rows).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  test("an empty batch gives an empty answer", async () => {
    expect(await line.predict(new Float32Array())).toEqual({ predictions: new Float32Array() });
    const { classIndices } = await classes.predict(new Float64Array());
    expect(classIndices).toEqual(new Int32Array());
  });

  test("a batch that needs many pieces is right in every row", async () => {
    const width = 67;
    const rows = 5003;
    const model = await openHere(await wideFile(width));
    const batch = Float32Array.from({ length: width * rows }, (_value, i) =>
      i % width === Math.floor(i / width) % width ? Math.floor(i / width) : 0,
    );
    const { predictions } = await model.predict(batch);
    const expected = Float32Array.from(
      { length: rows },
      (_value, row) => row * ((row % width) + 1),
    );
    expect(predictions).toEqual(expected);
    model.dispose();
  });

  test("a row that is larger than a piece is predicted", async () => {
    const width = 20_000;
    const model = await openHere(await wideFile(width));
    const ones = new Float64Array(2 * width).fill(1, width);
    const { predictions } = await model.predict(ones);
    expect(predictions).toEqual(Float64Array.of(0, (width * (width + 1)) / 2));
    model.dispose();
  });

  test("a classifier predicts a class, its index and the probabilities", async () => {
    const answer = await classes.predict({ x: 2, y: 1 });
    expect(answer.prediction).toBe("east");
    expect(answer.classIndex).toBe(0);
    const expected = logistic(2, 1, 0);
    answer.probabilities?.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? NaN, 6);
    });
    expect((await classes.predict([-1, -2])).prediction).toBe("neither");
  });

  test("of equal classes the first is predicted", async () => {
    expect(await classes.predict([0, 0])).toMatchObject({ prediction: "east", classIndex: 0 });
  });

  test("a batch of a classifier gives indices and the classes", async () => {
    const answer = await classes.predict(Float32Array.of(3, 0, 0, 3, -3, -3));
    expect(answer).toEqual({
      classIndices: Int32Array.of(0, 1, 2),
      classes: ["east", "north", "neither"],
    });
  });

  test("NaN gives no class", async () => {
    const one = await classes.predict([NaN, 1]);
    expect(one).toMatchObject({ prediction: null, classIndex: -1 });
    expect(one.probabilities).toEqual([NaN, NaN, NaN]);
    const many = await classes.predict(Float32Array.of(3, 0, NaN, 3));
    expect(many.classIndices).toEqual(Int32Array.of(0, -1));
  });

  test("predictProba gives the probabilities of a row and of a batch", async () => {
    const one = await classes.predictProba([2, 1]);
    expect(one.probabilities).toEqual((await classes.predict([2, 1])).probabilities);
    const many = await classes.predictProba(Float64Array.of(2, 1, 0, 0));
    expect(many.classes).toEqual(["east", "north", "neither"]);
    expect(many.probabilities.length).toBe(6);
    expect(Array.from(many.probabilities.subarray(0, 3))).toEqual(one.probabilities);
  });

  test("two classes have two probabilities, and names where the file has none", async () => {
    const model = await openHere(
      await pack({
        ...softmax,
        model: { type: "logistic_regression" },
        weights: { coefficients: [1, 0], intercept: [0] },
      }),
    );
    expect(model.description.classes).toEqual(["0", "1"]);
    expect(await model.predict([5, 0])).toMatchObject({ prediction: "1", classIndex: 1 });
    expect((await model.predictProba([0, 0])).probabilities).toEqual([0.5, 0.5]);
    model.dispose();
  });

  test("predictProba of a regression is NotAClassifier", async () => {
    expect(await codeOf(() => line.predictProba([1, 2]))).toBe("NotAClassifier");
    expect(await codeOf(() => line.predictProba(new Float32Array(2)))).toBe("NotAClassifier");
  });

  test("weights are those of the file", async () => {
    expect(await line.weights()).toEqual({
      coefficients: Float64Array.of(2, -3),
      intercept: Float64Array.of(0.5),
    });
    const { coefficients, intercept } = await classes.weights();
    expect(coefficients).toEqual(Float64Array.of(1, 0, 0, 1, 0, 0));
    expect(intercept).toEqual(new Float64Array(3));
  });

  test("models opened together do not disturb each other", async () => {
    const models = await Promise.all([3, 5, 8].map(async (n) => openHere(await wideFile(n))));
    const answers = await Promise.all(
      models.map((model) => model.predict(model.description.features.map(() => 1))),
    );
    expect(answers.map((answer) => answer.prediction)).toEqual([6, 15, 36]);
    for (const model of models) model.dispose();
  });
});
