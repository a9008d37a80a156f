// Loading and validating in Node.js, each measurement in a process of its own.

import { inFreshProcess } from "../../fresh.mjs";
import { dropFromPageCache } from "../../memory.mjs";
import { trust } from "../keys.mjs";
import { loadTable, validateTable } from "./loading.mjs";

async function measure(what, path, rounds = 1) {
  if (what.startsWith("cold")) await dropFromPageCache(path);
  return inFreshProcess(
    "experts/processes/node",
    what,
    path,
    String(rounds),
    JSON.stringify(trust),
  );
}

export const node = (settings) =>
  loadTable(`Node.js ${process.version}: every layer of an expert`, measure, settings);

export const nodeValidate = (settings) =>
  validateTable(`Node.js ${process.version}: open alone`, measure, settings);
