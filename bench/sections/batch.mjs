// 100,000 rows x 64 features of float32 in one call, one thread, from a typed array to a typed array.

import * as andon from "../contenders/andon.mjs";
import * as onnxruntime from "../contenders/onnxruntime.mjs";
import * as plain from "../contenders/plain.mjs";
import { models, rowCount, featureCount, rows } from "../problem.mjs";
import { ratio, takeTurns } from "../timing.mjs";

const contenders = { andon, onnxruntime, plain };
const reach = { linear: 2.5, logistic: 3, "3-class softmax": 5 }; // milliseconds
const tolerance = 1e-5; // scores are sums of 64 products of numbers below 1

function requireAgreement(name, actual, expected) {
  const differs = actual.findIndex((value, i) => !(Math.abs(value - expected[i]) <= tolerance));
  if (actual.length === expected.length && differs < 0) return;
  throw new Error(`${name}: ${actual[differs]} instead of ${expected[differs]} at ${differs}`);
}

async function measureModel(model, rounds) {
  const loaded = {};
  for (const [name, { load }] of Object.entries(contenders)) loaded[name] = await load(model);
  const expected = await loaded.plain.result(rows);
  for (const [name, { result }] of Object.entries(loaded)) {
    requireAgreement(`${model.name}, ${name}`, await result(rows), expected);
  }
  const runs = Object.entries(loaded).map(([name, { run }]) => [name, () => run(rows)]);
  const times = await takeTurns(Object.fromEntries(runs), { rounds });
  return Object.entries(times).map(([contender, { best, median, cpu }]) => ({
    model: model.name,
    contender,
    "best ms": best,
    "median ms": median,
    "CPU ms": cpu,
    "CPU x Andon": ratio(cpu, times.andon.cpu),
    "reach ms": contender === "andon" ? reach[model.name] : undefined,
  }));
}

/** What nothing can be faster than: the rows into the memory of the core, a piece at a time. */
async function measureCopy(rounds) {
  const piece = new Float32Array(16 * 1024);
  const copy = () => {
    for (let at = 0; at < rows.length; at += piece.length) {
      const part = rows.subarray(at, at + piece.length);
      piece.set(part);
    }
  };
  const { bound } = await takeTurns({ bound: copy }, { rounds });
  return {
    model: "any",
    contender: "copy of the rows alone",
    "best ms": bound.best,
    "median ms": bound.median,
    "CPU ms": bound.cpu,
  };
}

export async function batch({ rounds }) {
  const results = [await measureCopy(rounds)];
  for (const model of models) results.push(...(await measureModel(model, rounds)));
  return { title: `Batch of ${rowCount} x ${featureCount} float32, one thread`, results };
}
