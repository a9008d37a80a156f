// Measures token masks for JSON beside web-xgrammar, over the 151,936 tokens of Qwen3, in one run.
//   usage: node bench/grammar/main.mjs [--json] [--rounds N]

import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runSections } from "../run.mjs";
import { median } from "../timing.mjs";
import { documents } from "./texts.mjs";
import { tokensOf, vocabularyFile } from "./vocabulary.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const grammar = `root ::= value
value ::= object | array | string | number | "true" | "false" | "null"
object ::= "{" ws (string ":" ws value ws ("," ws string ":" ws value ws)*)? "}"
array ::= "[" ws (value ws ("," ws value ws)*)? "]"
string ::= "\\"" ([^"\\\\\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4}))* "\\""
number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
ws ::= [ \\n\\t]*
`;

function at(times, share) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** The middle of the rounds, each in a process of its own. */
function measure([name, program, args], rounds) {
  const runs = Array.from({ length: rounds }, () =>
    JSON.parse(execFileSync(program, args, { maxBuffer: 2 ** 28 })),
  );
  const middle = (of) => median(runs.map(of));
  return {
    contender: name,
    "vocabulary ms": middle(({ vocabulary }) => vocabulary),
    "compile ms": middle(({ compile }) => compile),
    "mask, median µs": middle(({ first }) => at(first, 0.5)),
    "mask, mean µs": middle(({ first }) => first.reduce((a, b) => a + b) / first.length),
    "99th of 100, µs": middle(({ first }) => at(first, 0.99)),
    "worst ms": middle(({ first }) => at(first, 1) / 1000),
    "once more, median µs": middle(({ again }) => at(again, 0.5)),
    "all tokens, ms": middle(
      ({ compile, first }) => compile + first.reduce((a, b) => a + b) / 1000,
    ),
  };
}

async function json({ rounds, folder }) {
  const files = Object.fromEntries(
    ["vocabulary", "grammar", "tokens"].map((name) => [name, join(folder, name)]),
  );
  const tokens = await tokensOf(documents(8, 3));
  await writeFile(files.vocabulary, vocabularyFile());
  await writeFile(files.grammar, grammar);
  await writeFile(files.tokens, Buffer.from(new Uint32Array(tokens).buffer));
  const own = [files.vocabulary, "gbnf", files.grammar, files.tokens];
  const node = process.execPath;
  const contenders = [
    ["web-xgrammar, Node.js", node, [path("processes/web-xgrammar.mjs"), files.tokens]],
    ["Andon, Node.js", node, [path("../../build/wasm-release/bench/bench_grammar.js"), ...own]],
    ["Andon, native", path("../../build/native-release/bench/bench_grammar"), own],
  ];
  return {
    title: `Masks for JSON, ${tokens.length} tokens of 8 documents, of which the first begins with nothing known`,
    results: contenders.map((contender) => measure(contender, rounds)),
  };
}

const folder = await mkdtemp(join(tmpdir(), "andon-bench-"));
try {
  await runSections({ json }, { rounds: 3, folder });
} finally {
  await rm(folder, { recursive: true });
}
