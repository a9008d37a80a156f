// Small packages, made by the package itself, and the three ways to open one.

import {
  open,
  openInThread,
  pack,
  type Model,
  type ModelSource,
  type OpenOptions,
  type PackDescription,
} from "andon";

export const identity = {
  model_id: "6f1d5a1e-6c2e-4f0e-9a51-0d9c2b7f4e11",
  version: "1.2.3",
} as const;

/** prediction = 2 height - 3 width + 0.5 */
export const regression: PackDescription = {
  ...identity,
  model: { type: "ridge", alpha: 0.25 },
  features: [
    { name: "height", type: "float64" },
    { name: "width", type: "float64" },
  ],
  weights: { dtype: "F64", coefficients: [2, -3], intercept: [0.5] },
};

/** Three classes of two features; the largest of (x, y, 0) decides. */
export const softmax: PackDescription = {
  ...identity,
  model: { type: "logistic_regression", class_labels: ["east", "north", "neither"] },
  features: [{ name: "x" }, { name: "y" }],
  weights: {
    coefficients: [
      [1, 0],
      [0, 1],
      [0, 0],
    ],
    intercept: [0, 0, 0],
  },
};

/** One feature of each type. The prediction is their sum. */
export const everyType: PackDescription = {
  ...identity,
  model: { type: "linear_regression" },
  features: [
    { name: "f32", type: "float32" },
    { name: "f64", type: "float64", nullable: true },
    { name: "i32", type: "int32" },
    { name: "i64", type: "int64" },
    { name: "flag", type: "bool", nullable: true },
  ],
  weights: { dtype: "F64", coefficients: [1, 1, 1, 1, 1], intercept: [0] },
};

export const regressionFile = (): Promise<Uint8Array> => pack(regression);
export const softmaxFile = (): Promise<Uint8Array> => pack(softmax);

/** A linear model of `width` float32 features, coefficient i + 1 for feature i. */
export function wideFile(width: number): Promise<Uint8Array> {
  const indices = Array.from({ length: width }, (_, i) => i);
  return pack({
    ...identity,
    model: { type: "linear_regression" },
    features: indices.map((i) => ({ name: `f${i}` })),
    weights: { dtype: "F32", coefficients: indices.map((i) => i + 1), intercept: [0] },
  });
}

export type OpenModel = (source: ModelSource, options?: OpenOptions) => Promise<Model>;

/** `open`, for what is known to be a model. */
export const openModel: OpenModel = (source, options) =>
  open(source, { ...options, kind: "model" });

/** Each promises the same; `await` makes the answers of the last look like those of the others. */
export const homes: readonly (readonly [string, OpenModel])[] = [
  ["open in this thread", (source, options) => openModel(source, { ...options, worker: false })],
  ["open in a worker", (source, options) => openModel(source, { ...options, worker: true })],
  ["openInThread", openInThread as unknown as OpenModel],
];

/** A copy of `object` that lacks one key. */
export function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const copy = { ...object };
  Reflect.deleteProperty(copy, key);
  return copy;
}
