// What is compared: the base alone, the experts that ship, and what lies in a folder of adapters.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The base in Q8_0 ships; in Q4_0 it is here to be compared. */
export function baseFile(weights) {
  return path(weights === "q8_0" ? "../../examples/assistant/base.gguf" : "base-q4_0.gguf");
}

/**
 * [{name, source, grammar}]; no source: the base alone. From the folder, on Q8_0, what has the task at the beginning of
 * its name: PEFT folders, experts, and *.gguf, models in place of the base.
 */
export function contenders(task, weights, folder) {
  const shipped = path(`../../examples/assistant/expert-${task}.expert`);
  const gbnf = readFileSync(path(`../../training/grammars/${task}.gbnf`), "utf8");
  const adapters = weights === "q8_0" ? adaptersIn(folder ?? path("adapters"), task) : [];
  return [
    { name: "none", grammar: false },
    { name: "none", grammar: { gbnf } },
    { name: "shipped", source: shipped, grammar: false },
    { name: "shipped", source: shipped, grammar: "expert" },
    ...adapters,
  ];
}

function adaptersIn(folder, task) {
  const names = readdirSync(folder).filter((name) => name.startsWith(`${task}-`));
  return names.sort(new Intl.Collator("en", { numeric: true }).compare).map((file) => ({
    name: file.replace(`${task}-`, "").replace(/\.(expert|gguf)$/, ""),
    source: resolve(folder, file),
    grammar: false,
  }));
}

/** Bytes of a file, or of all weights in a folder. */
export function sizeOf(source) {
  if (!statSync(source).isDirectory()) return statSync(source).size;
  return statSync(`${source}/adapter_model.safetensors`).size;
}
