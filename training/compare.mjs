// Whether Andon computes what PyTorch does: node training/compare.mjs OUT [TASK-KIND], after export.py. Log-probabilities
// of the tokens of some answers, in exact arithmetic over the base in Q8_0, with or without an adapter.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { open } from "../dist/index.js";

const bound = 1e-3;
const [out, name] = process.argv.slice(2);
const script = fileURLToPath(new URL("reference.py", import.meta.url));
const wanted = JSON.parse(
  execFileSync("/usr/bin/python3", [script, out, ...(name === undefined ? [] : [name])]),
);

const model = await open(`${out}/base.gguf`, { kind: "language-model", precision: "exact" });
const experts = name === undefined ? [] : [await model.attach(`${out}/${name}`)];
let worst = 0;
let tokens = 0;
for (const { prompt, tokens: ids, logProbabilities } of wanted) {
  const messages = [{ role: "user", content: prompt }];
  const generation = model.chat(messages, {
    experts,
    maxTokens: ids.length,
    cacheType: "f32",
  });
  let place = 0;
  for await (const part of generation) {
    if (part.type !== "token") continue;
    if (part.id !== ids[place]) throw new Error(`${prompt}: token ${place} differs`);
    worst = Math.max(worst, Math.abs(part.logProbability - logProbabilities[place]));
    place += 1;
    tokens += 1;
  }
}
model.dispose();
console.log(`${tokens} tokens, log-probabilities differ by at most ${worst.toExponential(1)}`);
if (worst > bound) process.exit(1);
