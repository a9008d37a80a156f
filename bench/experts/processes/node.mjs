// argv: what to measure, path, rounds, trusted keys as JSON. One process a measurement, so that each starts cold.

import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { peakBytes, warmPageCache } from "../../memory.mjs";
import { loadExpert, loadPlain, repeated, validateExpert } from "../contenders.mjs";

const [what, path, rounds, trust] = process.argv.slice(2);
const options = { trust: JSON.parse(trust) };
const packageOf = () => import("../../../dist/index.js");
const expand = async () => Uint8Array.from(gunzipSync(await readFile(path)));

async function cold(run) {
  const before = peakBytes();
  const start = performance.now();
  const result = await run();
  const total = performance.now() - start;
  return { ...result, total, peak: peakBytes() - before };
}

async function hot(run) {
  await warmPageCache(path);
  return repeated(run, Number(rounds));
}

async function validate(source) {
  const andon = await packageOf();
  return hot(() => validateExpert(andon, source, options));
}

const measurements = {
  "cold-expert": () => cold(async () => loadExpert(await packageOf(), path, options)),
  "cold-plain": () => cold(() => loadPlain(expand)),
  "hot-expert": async () => {
    const andon = await packageOf();
    return hot(() => loadExpert(andon, path, options));
  },
  "hot-plain": () => hot(() => loadPlain(expand)),
  "validate-disk": () => validate(path),
  "validate-memory": async () => validate(new Uint8Array(await readFile(path))),
};
console.log(JSON.stringify(await measurements[what]()));
