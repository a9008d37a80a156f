// web-xgrammar in a process of its own. Prints what bench_grammar prints.
//   usage: node web-xgrammar.mjs TOKENS

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { compileFunction, constants } from "node:vm";
import { endToken, spelledTokens, vocabularySize } from "../vocabulary.mjs";

/** Its package says that it is a module, and its file is CommonJS, so Node.js does not load it by itself. */
function loadCommonJs(name) {
  const require = createRequire(import.meta.url);
  const file = require.resolve(name);
  const exports = {};
  const parameters = ["exports", "module", "require", "__filename", "__dirname"];
  const run = compileFunction(readFileSync(file, "utf8"), parameters, {
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  run(exports, { exports }, require, file, dirname(file));
  return exports;
}

const { GrammarCompiler, GrammarMatcher, TokenizerInfo } = loadCommonJs("@mlc-ai/web-xgrammar");
const bytes = readFileSync(process.argv[2]);
const tokens = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);

let start = performance.now();
const since = () => performance.now() - start;
const info = await TokenizerInfo.createTokenizerInfo(
  spelledTokens(),
  "byte_level",
  false,
  vocabularySize,
  endToken,
);
const vocabulary = since();
start = performance.now();
const compiler = await GrammarCompiler.createGrammarCompiler(info);
const grammar = await compiler.compileBuiltinJSONGrammar();
const compile = since();

/** Microseconds of a mask and a token, for each. */
async function follow() {
  const times = [];
  const matcher = await GrammarMatcher.createGrammarMatcher(grammar);
  for (const token of tokens) {
    start = performance.now();
    const mask = await matcher.getNextTokenBitmask();
    const accepted = matcher.acceptToken(token);
    times.push(since() * 1000);
    if (!accepted || ((mask[token >> 5] >>> (token & 31)) & 1) === 0)
      throw new Error(`token ${token} is refused`);
    if (token === endToken) matcher.reset();
  }
  return times;
}

console.log(JSON.stringify({ vocabulary, compile, first: await follow(), again: await follow() }));
