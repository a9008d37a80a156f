// One row a call: what a call costs beside its arithmetic.

import * as andon from "../contenders/andon.mjs";
import * as onnxruntime from "../contenders/onnxruntime.mjs";
import { models, rows, smallModel } from "../problem.mjs";
import { ratio, takeTurns } from "../timing.mjs";

const repeat = 2000;
const reachMicroseconds = 2;

/** The same row in the forms that each takes, with the call for it. */
function calls(model, loaded) {
  const numbers = rows.slice(0, model.features);
  const array = Array.from(numbers);
  const record = Object.fromEntries(array.map((value, i) => [`f${i}`, value]));
  return {
    "andon, array": () => loaded.andon.one(array),
    "andon, record": () => loaded.andon.one(record),
    "andon, Float32Array": () => loaded.andon.one(numbers),
    "onnxruntime, Float32Array": () => loaded.onnxruntime.one(numbers),
  };
}

async function measureModel(model, rounds) {
  const loaded = { andon: await andon.load(model), onnxruntime: await onnxruntime.load(model) };
  const times = await takeTurns(calls(model, loaded), { rounds, repeat });
  const ours = times["andon, array"].cpu;
  return Object.entries(times).map(([call, { best, median, cpu }]) => ({
    model: model.name,
    call,
    "best us": best * 1000,
    "median us": median * 1000,
    "CPU us": cpu * 1000,
    "CPU x Andon": ratio(cpu, ours),
    "reach us": call.startsWith("andon") ? reachMicroseconds : undefined,
  }));
}

export async function oneRow({ rounds }) {
  const results = [];
  for (const model of [smallModel, ...models]) results.push(...(await measureModel(model, rounds)));
  return { title: "One row a call, in this thread", results };
}
