// A question goes to the expert that it is for, which is attached and held to its grammar; then the base alone is asked
// the same: node examples/ask.mjs [QUESTION], after npm run build.

import { readFile } from "node:fs/promises";
import { ExpertManager, memoryExpertStore, open } from "andon";

const here = (name) => new URL(`assistant/${name}`, import.meta.url);
const rivers =
  "Table rivers: id, name, country, length\nList the name of rivers with length above 500.";
const [question = rivers] = process.argv.slice(2);
const messages = [{ role: "user", content: question }];

const root = { key: await readFile(here("assistant-root.pub.pem"), "utf8"), scope: "expert-*" };
const model = await open(here("base.gguf"), { kind: "language-model" });
const experts = new ExpertManager({ store: memoryExpertStore(), trust: [root], model });
for (const task of ["sql", "json", "cypher"]) await experts.install(here(`expert-${task}.expert`));

console.log(`question: ${question.replaceAll("\n", "\n          ")}`);
const answer = await experts.chat(messages, { maxTokens: 96 }).result();
console.log(`chosen:   ${answer.route?.reason}`);
for (const name of answer.experts) {
  const { verdict, timings } = await experts.load(name);
  await experts.unload(name);
  const again = (await experts.load(name)).timings;
  const [first, second] = [timings, again].map(({ readyMs }) => `${readyMs.toFixed(1)} ms`);
  console.log(`expert:   ${name}, signed by ${verdict.signerName}`);
  console.log(`attached: in ${first}; detached, and again in ${second}`);
}
console.log(`answer:   ${answer.text}`);
const base = await model.chat(messages, { maxTokens: 96 }).text();
console.log(`base:     ${base}`);
model.dispose();
