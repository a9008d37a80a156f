// Makes what OSD is compared by: node training/osd.mjs OUT TASK-KIND FOLDER [RANK...], after npm run build and export.py. Of
// full training, and for each rank: the best LoRA, OSD in its size, the best of the grid, and OSD by gradients.
// bench/quality measures FOLDER.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { convertToOsd, packExpert } from "../dist/index.js";

const [out, name, target, ...ranks] = process.argv.slice(2);
const [task] = name.split("-");
const own = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = (script, ...args) => execFileSync("/usr/bin/python3", [own(script), ...args]);
const filesIn = (folder) =>
  Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`)]));

const extra = {
  "expert.json": readFileSync(own(`experts/${task}.json`)),
  "grammar.gbnf": readFileSync(own(`grammars/${task}.gbnf`)),
  LICENSE: readFileSync(own("LICENSE")),
};
const pair = { base: filesIn(`${out}/base`), tuned: filesIn(`${out}/${name}`), extra };
const percent = (share) => `${(100 * share).toFixed(1)} %`;

function write(kind, rank, { bytes, report }) {
  writeFileSync(`${target}/${task}-${kind}-${rank}.expert`, bytes);
  const { relaxedRank, sparsity, total } = report.osd ?? {};
  const found = total && `k ${relaxedRank}, sparsity ${sparsity}, energy ${percent(total.energy)}`;
  const errors = total && `error ${percent(total.error)} (LoRA ${percent(total.loraError)})`;
  console.log([`${kind} ${rank}: ${bytes.length} bytes`, found, errors].filter(Boolean).join(", "));
}

mkdirSync(target, { recursive: true });
python("gradients.py", out, task, `${target}/gradients.safetensors`);
const gradients = readFileSync(`${target}/gradients.safetensors`);
for (const rank of ranks.map(Number)) {
  const folder = `${target}/lora`;
  python("truncate.py", out, name, rank, folder);
  const best = await packExpert({ ...filesIn(folder), ...extra }, { compressionLevel: 19 });
  rmSync(folder, { recursive: true });
  write("truncated", rank, best);
  write("osd", rank, await convertToOsd(pair, { rank }));
  write("osd-grid", rank, await convertToOsd(pair, { rank, grid: true }));
  write("osd-gradient", rank, await convertToOsd(pair, { rank, gradients }));
}
rmSync(`${target}/gradients.safetensors`);
