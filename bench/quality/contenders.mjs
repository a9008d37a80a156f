// What is compared: the base alone, and experts of every kind on it.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The base in Q8_0 ships; in Q4_0 it is here to be compared. */
export function baseFile(weights) {
  return path(weights === "q8_0" ? "../../examples/assistant/base.gguf" : "base-q4_0.gguf");
}

/** [{name, source, grammar}]; no source: the base alone. */
export function contenders(task, weights) {
  const shipped = path(`../../examples/assistant/expert-${task}.expert`);
  const list = [
    { name: "none", grammar: false },
    { name: "shipped", source: shipped, grammar: false },
    { name: "shipped", source: shipped, grammar: true },
  ];
  if (weights !== "q8_0") return list;
  const kinds = ["dora", "ia3", "osd"].map((kind) => ({
    name: kind,
    source: path(`adapters/${task}-${kind}${kind === "osd" ? ".expert" : ""}`),
    grammar: false,
  }));
  return [...list, ...kinds.filter(({ source }) => existsSync(source))];
}
