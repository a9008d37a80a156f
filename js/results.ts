// What models answer, made from the numbers that the core gives.

import type { ModelDescription } from "./description.js";
import type { Rows } from "./rows.js";

export interface RegressionPrediction {
  /** NaN where a value of the row is null or NaN. */
  prediction: number;
  classIndex?: undefined;
  probabilities?: undefined;
}

export interface ClassPrediction {
  /** The name of the class; null where a value of the row is null or NaN. */
  prediction: string | null;
  /** Its place in `description.classes`; -1 where there is none. */
  classIndex: number;
  /** One a class; they add up to 1. */
  probabilities: number[];
}

export type Prediction = RegressionPrediction | ClassPrediction;

export interface RegressionBatch {
  /** One a row, in the type of the batch. */
  predictions: Rows;
  classIndices?: undefined;
  classes?: undefined;
}

export interface ClassBatch {
  /** One a row, -1 where there is none. */
  classIndices: Int32Array;
  classes: readonly string[];
  predictions?: undefined;
}

export type BatchPrediction = RegressionBatch | ClassBatch;

export interface Probabilities {
  /** One a class; they add up to 1. */
  probabilities: number[];
}

export interface BatchProbabilities {
  /** Rows × classes, row-major, in the type of the batch. */
  probabilities: Rows;
  classes: readonly string[];
}

/** Makes answers of outputs, for one row and for a batch. */
export interface Shape<One, Many> {
  one(outputs: Rows): One;
  many(outputs: Rows): Many;
}

export function predictionShape(model: ModelDescription): Shape<Prediction, BatchPrediction> {
  const { classes } = model;
  if (model.task === "regression") {
    return {
      one: (outputs) => ({ prediction: outputs[0] as number }),
      many: (outputs) => ({ predictions: outputs }),
    };
  }
  return {
    one: (outputs) => {
      const classIndex = indexOfLargest(outputs, 0, classes.length);
      const prediction = classes[classIndex] ?? null;
      return { prediction, classIndex, probabilities: listOf(outputs) };
    },
    many: (outputs) => ({ classIndices: largestOfRows(outputs, classes.length), classes }),
  };
}

export function probabilityShape(
  model: ModelDescription,
): Shape<Probabilities, BatchProbabilities> {
  return {
    one: (outputs) => ({ probabilities: listOf(outputs) }),
    many: (outputs) => ({ probabilities: outputs, classes: model.classes }),
  };
}

/** Ten times as fast as Array.from, which counts where a row takes a microsecond. */
function listOf(numbers: Rows): number[] {
  const list = [];
  for (const number of numbers) list.push(number);
  return list;
}

function largestOfRows(outputs: Rows, width: number): Int32Array {
  const indices = new Int32Array(outputs.length / width);
  for (let row = 0; row < indices.length; row++) {
    indices[row] = indexOfLargest(outputs, row * width, width);
  }
  return indices;
}

/** Of equals the first; -1 where they are not numbers: one NaN makes all of a row NaN. */
function indexOfLargest(values: Rows, start: number, width: number): number {
  let largest = -1;
  let best = -Infinity;
  for (let i = 0; i < width; i++) {
    const value = values[start + i] as number;
    if (value > best) {
      best = value;
      largest = i;
    }
  }
  return largest;
}
