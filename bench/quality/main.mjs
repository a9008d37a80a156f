// Measures how good the experts' answers are, on questions about schemas that no training has seen.
//   usage: node bench/quality/main.mjs [--json] [--rounds QUESTIONS] [TASK...]

import { open } from "../../dist/index.js";
import { runSections } from "../run.mjs";
import { answers, score } from "./answers.mjs";
import { baseFile, contenders } from "./contenders.mjs";

const percent = (share) => (100 * share).toFixed(1);
const cell = (found) =>
  found && `${percent(found.share)} (${percent(found.low)} to ${percent(found.high)})`;

/** What one contender answers to the questions of both splits. */
async function measure(model, task, { name, source, grammar }, questions) {
  const expert = source && (await model.attach(source));
  const given = await answers(model, task, { expert, grammar, questions });
  await expert?.detach();
  return Object.entries(given).map(([split, list]) => {
    const { exact, execution, schema, syntax } = score(list);
    return {
      expert: name,
      grammar: grammar ? "on" : "off",
      questions: split,
      "exact %": cell(exact),
      ...(execution && { "same result %": cell(execution) }),
      ...(schema && { "conforms %": cell(schema) }),
      "syntax %": cell(syntax),
    };
  });
}

async function section(task, questions) {
  const results = [];
  for (const weights of ["q8_0", "q4_0"]) {
    const model = await open(baseFile(weights), { kind: "language-model" });
    for (const contender of contenders(task, weights)) {
      const rows = await measure(model, task, contender, questions);
      results.push(...rows.map((row) => ({ base: weights, ...row })));
    }
    model.dispose();
  }
  return { title: `${task}: ${questions} questions each, 95 % intervals (Wilson)`, results };
}

const sections = Object.fromEntries(
  ["sql", "json", "cypher"].map((task) => [task, ({ rounds }) => section(task, rounds)]),
);
await runSections(sections, { rounds: 100 });
