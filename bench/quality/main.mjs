// Measures how good the experts' answers are, on questions about schemas that no training has seen.
//   usage: node bench/quality/main.mjs [--json] [--rounds QUESTIONS] [--adapters FOLDER] [TASK...]

import { open } from "../../dist/index.js";
import { runSections } from "../run.mjs";
import { answers, score } from "./answers.mjs";
import { baseFile, contenders, sizeOf } from "./contenders.mjs";

const percent = (share) => (100 * share).toFixed(1);
const cell = (found) =>
  found && `${percent(found.share)} (${percent(found.low)} to ${percent(found.high)})`;

/** What a model answers, with an expert or by itself, or another model in its place. */
async function answersOf(model, task, { source, grammar }, questions) {
  if (source?.endsWith(".gguf")) {
    const other = await open(source, { kind: "language-model" });
    const given = await answers(other, task, { grammar, questions });
    other.dispose();
    return given;
  }
  const expert = source && (await model.attach(source));
  const given = await answers(model, task, { expert, grammar, questions });
  await expert?.detach();
  return given;
}

/** A row a split. */
async function measure(model, task, contender, questions) {
  const { name, source, grammar } = contender;
  const given = await answersOf(model, task, contender, questions);
  return Object.entries(given).map(([split, list]) => {
    const { exact, execution, schema, syntax } = score(list);
    return {
      expert: name,
      kB: source ? (sizeOf(source) / 1000).toFixed(1) : "",
      grammar: grammar ? "on" : "off",
      questions: split,
      "exact %": cell(exact),
      ...(execution && { "same result %": cell(execution) }),
      ...(schema && { "conforms %": cell(schema) }),
      "syntax %": cell(syntax),
    };
  });
}

async function section(task, questions, adapters) {
  const results = [];
  for (const weights of ["q8_0", "q4_0"]) {
    const model = await open(baseFile(weights), { kind: "language-model" });
    for (const contender of contenders(task, weights, adapters)) {
      const rows = await measure(model, task, contender, questions);
      results.push(...rows.map((row) => ({ base: weights, ...row })));
    }
    model.dispose();
  }
  return { title: `${task}: ${questions} questions each, 95 % intervals (Wilson)`, results };
}

const sections = Object.fromEntries(
  ["sql", "json", "cypher"].map((task) => [
    task,
    ({ rounds, adapters }) => section(task, rounds, adapters),
  ]),
);
await runSections(sections, { rounds: 150 }, { adapters: { type: "string" } });
