// Measures the built package beside onnxruntime-web and plain JavaScript, in one run.
//   usage: node bench/main.mjs [--json] [--rounds N] [SECTION...]

import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { markdown } from "./report.mjs";
import { batch } from "./sections/batch.mjs";
import { firstPrediction } from "./sections/first-prediction.mjs";
import { load } from "./sections/load.mjs";
import { oneRow } from "./sections/one-row.mjs";
import { size } from "./sections/size.mjs";

const sections = { batch, "one-row": oneRow, "first-prediction": firstPrediction, size, load };

function machine() {
  const { model } = cpus()[0];
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: `${model}, ${availableParallelism()} CPUs`,
    node: process.version,
    load: loadavg()[0],
  };
}

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean" }, rounds: { type: "string", default: "50" } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) throw new Error(`no section ${unknown}: ${Object.keys(sections)}`);

const chosen = positionals.length > 0 ? positionals : Object.keys(sections);
const report = { machine: machine(), sections: [] };
if (!values.json) console.log(`${Object.values(report.machine).join(", ")} (load)\n`);
for (const name of chosen) {
  const section = await sections[name]({ rounds: Number(values.rounds) });
  report.sections.push(section);
  if (!values.json) console.log(markdown(section));
}
if (values.json) console.log(JSON.stringify(report, null, 2));
process.exit(0); // onnxruntime-web keeps the process alive
