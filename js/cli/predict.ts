// andon predict MODEL [INPUT]

import { type InThreadModel, openInThread } from "../index.js";
import { operands, parseVerb } from "./arguments.js";
import { CsvRows } from "./csv-rows.js";
import { CliError, Exit, UsageError } from "./errors.js";
import { formatOfFile, namedFormat } from "./formats.js";
import { isStdin, openInput } from "./input.js";
import { JsonArrayScanner, JsonLinesScanner } from "./json.js";
import { JsonRows } from "./json-rows.js";
import { fileOutput, type Output, streamOutput } from "./output.js";
import { POLICY_OPTIONS, policyFrom } from "./policy.js";
import { Progress } from "./progress.js";
import type { Job, RowFormat, RowSource } from "./rows.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { duration, plural, shown, visibleLines } from "./text.js";
import { acceptedLine } from "./verdict.js";
import { rowWriter, type RowWriter } from "./writer.js";

const OPTIONS = {
  ...POLICY_OPTIONS,
  output: { type: "string", short: "o" },
  "input-format": { type: "string" },
  "output-format": { type: "string" },
  proba: { type: "boolean" },
  "keep-columns": { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
  json: { type: "boolean" },
} as const;

interface Request {
  input: string | undefined;
  inputFormat: RowFormat;
  /** undefined: standard output. */
  output: string | undefined;
  outputFormat: RowFormat;
  job: Job;
}

export async function predict(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("predict", args, OPTIONS);
  const [file, input] = operands("predict", positionals, "MODEL", 2);
  const request = requestFrom(values, input);
  const model = await openInThread(file, await policyFrom(values, "predict"));
  try {
    const show = !values.quiet && terminal.stderr.isTTY === true;
    const style = styleFor(terminal.stderr, terminal.env);
    if (show)
      await write(terminal.stderr, `${shown(file)}  ${acceptedLine(model.verdict, style)}\n`);
    await run(model, request, terminal, show);
  } finally {
    model.dispose();
  }
  return Exit.ok;
}

interface Values {
  output?: string;
  "input-format"?: string;
  "output-format"?: string;
  proba?: boolean;
  "keep-columns"?: boolean;
}

function requestFrom(values: Values, input: string | undefined): Request {
  const inputFormat = namedFormat("input-format", values["input-format"]) ?? guessed(input);
  const output = values.output === "-" ? undefined : values.output;
  const outputFormat =
    namedFormat("output-format", values["output-format"]) ??
    (output === undefined ? undefined : formatOfFile(output)) ??
    inputFormat;
  const keep = values["keep-columns"] ? outputFormat : undefined;
  return { input, inputFormat, output, outputFormat, job: { proba: values.proba ?? false, keep } };
}

function guessed(input: string | undefined): RowFormat {
  if (input === undefined || isStdin(input)) return "csv";
  const format = formatOfFile(input);
  if (format !== undefined) return format;
  throw new UsageError(
    `predict: the name '${input}' does not say its format; add --input-format csv, json or jsonl`,
    "predict",
  );
}

async function run(
  model: InThreadModel,
  request: Request,
  terminal: Terminal,
  show: boolean,
): Promise<void> {
  const { input, output: path, outputFormat, job } = request;
  const { task, classes } = model.description;
  if (job.proba && task !== "classification") {
    throw new CliError(
      "NotAClassifier",
      "--proba: the model is a regression, which has no classes",
    );
  }
  if (show && isStdin(input) && terminal.stdin.isTTY === true) {
    await write(terminal.stderr, `Type rows as ${request.inputFormat}; Ctrl-D ends them.\n`);
  }
  const { size, chunks } = await openInput(input, terminal);
  const output = path === undefined ? standardOutput(terminal) : await fileOutput(path);
  const drawing = show && !(path === undefined && terminal.stdout.isTTY === true);
  const progress = new Progress(drawing ? terminal.stderr : undefined, size);
  try {
    const writer = rowWriter(outputFormat, { classes: job.proba ? classes : [] });
    await pump(
      sourceOf(request.inputFormat, model, job),
      progress.count(chunks),
      writer,
      output,
      progress,
    );
    await output.commit();
  } finally {
    progress.clear();
    await output.discard();
  }
  if (drawing) await write(terminal.stderr, summary(progress, path));
}

function sourceOf(format: RowFormat, model: InThreadModel, job: Job): RowSource {
  if (format === "csv") return new CsvRows(model, job);
  return new JsonRows(
    model,
    job,
    format === "json" ? new JsonArrayScanner() : new JsonLinesScanner(),
  );
}

async function pump(
  source: RowSource,
  chunks: AsyncIterable<Uint8Array>,
  writer: RowWriter,
  output: Output,
  progress: Progress,
): Promise<void> {
  let begun = false;
  const begin = (): string => (begun ? "" : ((begun = true), writer.begin(source.columns)));
  for await (const rows of source.batches(chunks)) {
    progress.update();
    if (rows.length === 0) continue;
    await output.write(begin() + writer.rows(rows));
    progress.rows += rows.length;
  }
  await output.write(begin() + writer.end());
}

/** Data goes out as it is, except to a person: a class may be called anything. */
function standardOutput({ stdout }: Terminal): Output {
  const output = streamOutput(stdout);
  if (stdout.isTTY !== true) return output;
  return { ...output, write: (text) => output.write(visibleLines(String(text))) };
}

function summary({ rows, seconds }: Progress, path: string | undefined): string {
  const where = path === undefined ? "" : ` to ${shown(path)}`;
  return `${plural(rows, "row")}${where} in ${duration(seconds)}\n`;
}
