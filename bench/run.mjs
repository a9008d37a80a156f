// The command line that benches share: which sections run, and how their results are shown.

import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { markdown } from "./report.mjs";

function machine() {
  const { model } = cpus()[0];
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: `${model}, ${availableParallelism()} CPUs`,
    node: process.version,
    load: loadavg()[0],
  };
}

/** Runs the chosen ones of `sections` ({ name: function of the settings }); `further` options become settings. */
export async function runSections(sections, settings, further = {}) {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: "boolean" },
      rounds: { type: "string", default: String(settings.rounds) },
      ...further,
    },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !Object.hasOwn(sections, name));
  if (unknown !== undefined) throw new Error(`no section ${unknown}: ${Object.keys(sections)}`);

  const chosen = positionals.length > 0 ? positionals : Object.keys(sections);
  const report = { machine: machine(), sections: [] };
  if (!values.json) console.log(`${Object.values(report.machine).join(", ")} (load)\n`);
  for (const name of chosen) {
    const section = await sections[name]({ ...settings, ...values, rounds: Number(values.rounds) });
    report.sections.push(section);
    if (!values.json) console.log(markdown(section));
  }
  if (values.json) console.log(JSON.stringify(report, null, 2));
}
