// Measures how long a router takes: to be made of 100 experts, and for a question.
//   usage: node bench/routing/main.mjs [--json]        needs dist/, which `npm run build` makes

import { hashedEmbedding, Router } from "../../dist/index.js";
import { takeTurns } from "../timing.mjs";
import { cases, experts } from "./questions.mjs";

const rounds = 30;
const keywords = 32;
const words = experts.flatMap(({ manifest }) => manifest.routing.keywords);

/** 100 experts, each with 32 keywords of which it shares some with others. */
const hundred = Array.from({ length: 100 }, (_, i) => {
  const { name, version, manifest } = experts[i % experts.length];
  const own = Array.from({ length: keywords }, (_, j) =>
    j % 2 === 0 ? words[(7 * i + j) % words.length] : `word${i} number${j}`,
  );
  const routing = { ...manifest.routing, keywords: [...manifest.routing.keywords, ...own] };
  return { name: `${name}-${i}`, version, manifest: { ...manifest, routing } };
});

const questions = cases.map(([question]) => question);
const long = questions.join(" ").slice(0, 4096);
const router = new Router(hundred);
let at = 0;
const times = await takeTurns(
  {
    "a router of 100 experts": () => new Router(hundred),
    "a question": () => router.route(questions[at++ % questions.length]),
    "a question of 4,096 characters": () => router.route(long),
    "the vector of a question": () => hashedEmbedding(questions[at++ % questions.length]),
  },
  { rounds, repeat: 20 },
);
const microseconds = Object.fromEntries(
  Object.entries(times).map(([name, { best, median, cpu }]) => [
    name,
    {
      best: Math.round(best * 1000),
      median: Math.round(median * 1000),
      cpu: Math.round(cpu * 1000),
    },
  ]),
);
if (process.argv.includes("--json")) console.log(JSON.stringify(microseconds));
else
  for (const [name, { best, median, cpu }] of Object.entries(microseconds))
    console.log(
      `${name.padEnd(32)} at best ${best} µs, median ${median} µs, ${cpu} µs of processor time`,
    );
