// Questions, the answers of a model to them, and what the answers are worth.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cases = JSON.parse(readFileSync(new URL("cases.json", import.meta.url)));
const scorer = fileURLToPath(new URL("../../training/score.py", import.meta.url));
/** The longest reference has 60. */
const mostTokens = 96;

/** {split: [{task, split, place, answer}]} of so many questions of each split, each asked in a chat of its own. */
export async function answers(model, task, { expert, grammar, questions }) {
  const found = {};
  for (const split of ["seen-phrasings", "new-phrasings"]) {
    const asked = cases.filter((each) => each.task === task && each.split === split);
    found[split] = [];
    for (const [place, { prompt }] of asked.slice(0, questions).entries()) {
      const messages = [{ role: "user", content: prompt }];
      const generation = model.chat(messages, {
        experts: expert ? [expert] : [],
        maxTokens: mostTokens,
        temperature: 0,
        grammar,
      });
      found[split].push({ task, split, place, answer: await generation.text() });
    }
  }
  return found;
}

/** {measure: {share, low, high, count}}, by Python and its SQLite. */
export function score(given) {
  return JSON.parse(execFileSync("python3", [scorer], { input: JSON.stringify(given) }));
}
