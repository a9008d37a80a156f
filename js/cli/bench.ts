// andon bench MODEL: how fast it reads and writes, in the manner of llama-bench.

import type { LanguageModel } from "../index.js";
import { operands, parseVerb, wholeNumber } from "./arguments.js";
import { Exit } from "./errors.js";
import { openText } from "./language.js";
import { MODEL_OPTIONS, modelOptions } from "./language-options.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { align, shown, size, toJsonText } from "./text.js";

const OPTIONS = {
  ...MODEL_OPTIONS,
  prompt: { type: "string", short: "p" },
  write: { type: "string", short: "n" },
  repeat: { type: "string", short: "r" },
  json: { type: "boolean" },
} as const;

/** One line of the table. */
interface Row {
  model: string;
  weightBytes: number;
  build: string;
  threads: number;
  test: string;
  /** Of each run. */
  tokensPerSecond: number[];
  /** Of all runs together, on all processors. */
  tokensPerCpuSecond: number;
}

interface Run {
  tokens: number;
  ms: number;
}

type Test = [name: string, run: (model: LanguageModel) => Promise<Run>];

export async function bench(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("bench", args, OPTIONS);
  const [file] = operands("bench", positionals, "MODEL");
  const { threads: counts, ...others } = values;
  const options = await modelOptions("bench", others);
  const threads = counts === undefined ? [undefined] : numbers("--threads", counts, 1);
  const tests: Test[] = [
    ...numbers("--prompt", values.prompt ?? "128", 0).map(promptTest),
    ...numbers("--write", values.write ?? "32", 0).map(writeTest),
  ].filter(([name]) => !name.endsWith(" 0"));
  const [repeat = 3] = numbers("--repeat", values.repeat ?? "3", 1);
  const rows: Row[] = [];
  for (const count of threads) {
    const model = await openText(
      file,
      count === undefined ? options : { ...options, threads: count },
      terminal,
    );
    try {
      for (const test of tests) rows.push(await measure(model, file, test, repeat));
    } finally {
      model.dispose();
    }
  }
  const text = values.json ? toJsonText(rows, 2) : table(rows, terminal);
  await write(terminal.stdout, `${text}\n`);
  return Exit.ok;
}

function numbers(option: string, value: string, least: number): number[] {
  return value.split(",").map((each) => wholeNumber("bench", option, each, least, 1_000_000));
}

/** Reads so many tokens at once, which ends with the first one of an answer. */
function promptTest(count: number): Test {
  const run = async (model: LanguageModel): Promise<Run> => {
    const context = Math.min(model.description.contextLength, count + 1);
    const tokens = tokensOf(model, context - 1);
    const { promptMs } = await model.generate(tokens, { maxTokens: 1, context }).result();
    return { tokens: tokens.length, ms: promptMs };
  };
  return [`prompt ${count}`, run];
}

/** Writes so many tokens, whatever the model says of an end. */
function writeTest(count: number): Test {
  const run = async (model: LanguageModel): Promise<Run> => {
    const session = await model.session();
    const all: Run = { tokens: 0, ms: 0 };
    try {
      for (let prompt = tokensOf(model, 1); all.tokens < count; prompt = tokensOf(model, 1)) {
        const options = { maxTokens: count - all.tokens };
        const result = await session.generate(prompt, options).result();
        all.tokens += Math.max(1, result.completionTokens);
        all.ms += result.promptMs + result.decodeMs;
      }
    } finally {
      session.dispose();
    }
    return all;
  };
  return [`write ${count}`, run];
}

/** Any tokens do: the work does not depend on them. */
function tokensOf({ description }: LanguageModel, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => (i * 7919 + 1) % description.vocabulary);
}

async function measure(
  model: LanguageModel,
  file: string,
  [test, run]: Test,
  repeat: number,
): Promise<Row> {
  await run(model); // warms up
  const before = process.cpuUsage();
  const runs: Run[] = [];
  for (let i = 0; i < repeat; i += 1) runs.push(await run(model));
  const { user, system } = process.cpuUsage(before);
  const tokens = runs.reduce((sum, each) => sum + each.tokens, 0);
  return {
    model: model.description.name ?? file,
    weightBytes: model.description.weightBytes,
    build: model.build.name,
    threads: model.build.threads,
    test,
    tokensPerSecond: runs.map((each) => (1000 * each.tokens) / each.ms),
    tokensPerCpuSecond: (1e6 * tokens) / (user + system),
  };
}

function table(rows: readonly Row[], { stdout, env }: Terminal): string {
  const style = styleFor(stdout, env);
  const head = ["model", "weights", "build", "threads", "test", "tokens/s", "± sd", "tokens/CPU s"];
  const lines = align([head, ...rows.map(cells)]);
  return lines.map((line, i) => (i === 0 ? style.bold(line) : line)).join("\n");
}

function cells(row: Row): string[] {
  const { mean, deviation } = statistics(row.tokensPerSecond);
  return [
    shown(row.model),
    size(row.weightBytes),
    row.build,
    String(row.threads),
    row.test,
    mean.toFixed(2),
    deviation.toFixed(2),
    row.tokensPerCpuSecond.toFixed(2),
  ];
}

function statistics(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
