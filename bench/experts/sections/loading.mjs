// What is loaded and validated in Node.js and in Chromium alike, and how that becomes a table.

import { median, ratio } from "../../timing.mjs";
import { sizeOf } from "../packages.mjs";

const version1 = { version: 1 };
const compressed = { codec: "auto", compressionLevel: 9 };
const stored = { codec: "none" };

/** [name, how it is loaded, kind, dtype, options of packing]; the first is what others are compared with. */
const contenders = [
  ["tar.gz, plain JavaScript, nothing checked", "plain", "lora", "F32", version1],
  ["version 1, tar.gz", "expert", "lora", "F32", version1],
  ["version 2, shuffle + zstd 9", "expert", "lora", "F32", compressed],
  ["version 2, stored", "expert", "lora", "F32", stored],
  ["version 2, shuffle + zstd 9, BF16", "expert", "lora", "BF16", compressed],
  ["version 2, DoRA, shuffle + zstd 9, BF16", "expert", "dora", "BF16", compressed],
  ["version 2, IA3, shuffle + zstd 9", "expert", "ia3", "F32", compressed],
];
const goals = { cold: 200, hot: 50, first: 100, disk: 10, memory: 1 }; // milliseconds
const coldRuns = 5;

const middle = (runs, part) => median(runs.map((run) => run[part]));
const least = (runs, part) => Math.min(...runs.map((run) => run[part]));

function requireSameValues(name, runs, expected) {
  const differs = runs.find(({ values }) => values !== expected);
  if (differs) throw new Error(`${name}: ${differs.values} values instead of ${expected}`);
}

/**
 * `measure(what, path, rounds)` gives what processes/node.mjs and page/main.mjs give: times of one
 * cold load, with `total` and `peak`, or a list of hot ones.
 */
export async function loadTable(title, measure, { workshop, rounds }) {
  const results = [];
  const expected = {};
  let base;
  for (const [name, way, kind, dtype, options] of contenders) {
    const path = await workshop.package(kind, dtype, options);
    const cold = [];
    for (let i = 0; i < coldRuns; i++) cold.push(await measure(`cold-${way}`, path));
    const hot = await measure(`hot-${way}`, path, rounds);
    expected[`${kind} ${dtype}`] ??= hot[0].values;
    requireSameValues(name, [...cold, ...hot], expected[`${kind} ${dtype}`]);
    const row = {
      contender: name,
      "file MB": (await sizeOf(path)) / 1e6,
      "cold ms": middle(cold, "total"),
      "first layer, cold ms": middle(cold, "first"),
      "hot ms": middle(hot, "all"),
      "hot best ms": least(hot, "all"),
      "first layer, hot ms": middle(hot, "first"),
      "peak MB": middle(cold, "peak") / 1e6,
    };
    base ??= row;
    row["hot x tar.gz"] = ratio(row["hot ms"], base["hot ms"]);
    results.push(row);
  }
  results.push({
    contender: "goal for about 35 MB",
    "cold ms": goals.cold,
    "hot ms": goals.hot,
    "first layer, cold ms": goals.first,
  });
  return { title, results };
}

export async function validateTable(title, measure, { workshop, rounds }) {
  const results = [];
  for (const [name, way, kind, dtype, options] of contenders) {
    if (way === "plain") continue;
    const path = await workshop.package(kind, dtype, options);
    const disk = await measure("validate-disk", path, rounds);
    const memory = await measure("validate-memory", path, rounds);
    results.push({
      contender: name,
      "file ms": middle(disk, "open"),
      "file best ms": least(disk, "open"),
      "memory ms": middle(memory, "open"),
      "memory best ms": least(memory, "open"),
    });
  }
  results.push({ contender: "goal", "file ms": goals.disk, "memory ms": goals.memory });
  return { title, results };
}
