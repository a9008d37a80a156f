// andon convert FILE, andon convert FOLDER -o FOLDER

import { mkdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { AndonError, type ExpertPackReport } from "../index.js";
import { operands, parseVerb, required } from "./arguments.js";
import { CliError, Exit, exitCode, report as reportOf, systemReason } from "./errors.js";
import { isVersion2 } from "./expert-head.js";
import {
  levelFrom,
  type Signing,
  signingFrom,
  versionFrom,
  WRITE_OPTIONS,
} from "./expert-options.js";
import { packedJson, printPacked } from "./expert-report.js";
import { runTask } from "./expert-task.js";
import { isFolder, namesIn } from "./folder.js";
import { requireFree, unwritable } from "./output.js";
import { type Style, styleFor, type Terminal, write } from "./terminal.js";
import { plural, shown, size, toJsonText } from "./text.js";
import { refusedLine } from "./verdict.js";

const OPTIONS = {
  ...WRITE_OPTIONS,
  output: { type: "string", short: "o" },
  force: { type: "boolean", short: "f" },
  json: { type: "boolean" },
} as const;

type Version = 1 | 2;

interface Job {
  version: Version | undefined;
  options: Signing["options"] & { compressionLevel?: number };
  signer: string | null;
  force: boolean;
  json: boolean;
}

export async function convert(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("convert", args, OPTIONS);
  const [source] = operands("convert", positionals, "FILE");
  const version = versionFrom(values, "convert");
  const level = levelFrom(values, "convert");
  const many = await isFolder(source);
  const folder = many ? required("convert", "--output", values.output) : "";
  const { options, signer } = await signingFrom(values, terminal, "convert");
  const job = {
    version,
    options: { ...options, ...level },
    signer,
    force: values.force === true,
    json: values.json === true,
  };
  return many
    ? convertFolder(source, folder, job, terminal)
    : convertFile(source, values.output, job, terminal);
}

async function convertFile(
  file: string,
  output: string | undefined,
  job: Job,
  terminal: Terminal,
): Promise<number> {
  const version = job.version ?? otherThan(await versionOf(file));
  const path = output ?? besideFile(file, version);
  const report = await one(file, path, version, job, terminal);
  await printPacked({ file: path, report, signer: job.signer }, job.json, terminal);
  return Exit.ok;
}

async function one(
  file: string,
  path: string,
  version: Version,
  { options, force }: Job,
  terminal: Terminal,
): Promise<ExpertPackReport> {
  if (!force) await requireFree(path);
  return runTask({ verb: "convert", file, options: { ...options, version } }, path, terminal);
}

/** How one file of a folder fared. */
type Fate = { file: string; output: string } & (
  { report: ExpertPackReport } | { error: unknown } | { skipped: Version }
);

async function convertFolder(
  source: string,
  target: string,
  job: Job,
  terminal: Terminal,
): Promise<number> {
  const names = (await namesIn(source)).filter((name) => extname(name) === ".expert");
  if (names.length === 0) {
    throw new CliError("InputUnreadable", `'${source}' has no .expert`);
  }
  await mkdir(target, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(target, systemReason(cause), cause);
  });
  const style = styleFor(terminal.stdout, terminal.env);
  const fates: Fate[] = [];
  for (const name of names) {
    const fate = await attempt(join(source, name), join(target, name), job, terminal);
    fates.push(fate);
    const line = job.json ? toJsonText(fateJson(fate, job.signer)) : fateLine(fate, style);
    await write(terminal.stdout, `${line}\n`);
  }
  if (!job.json) await write(terminal.stdout, `${summary(fates)}\n`);
  return Math.max(...fates.map((fate) => ("error" in fate ? exitCode(fate.error) : Exit.ok)));
}

/** One file that fails does not hold up the others. */
async function attempt(file: string, output: string, job: Job, terminal: Terminal): Promise<Fate> {
  try {
    const version = job.version ?? 2;
    if ((await versionOf(file)) === version) return { file, output, skipped: version };
    return { file, output, report: await one(file, output, version, job, terminal) };
  } catch (error) {
    if (error instanceof AndonError || error instanceof CliError) return { file, output, error };
    throw error;
  }
}

function fateJson(fate: Fate, signer: string | null): object {
  const { file, output } = fate;
  if ("error" in fate) return { file, ...reportOf(fate.error) };
  if ("skipped" in fate) return { file, skipped: `it has version ${fate.skipped} already` };
  return { file, output, ...packedJson({ file: output, report: fate.report, signer }) };
}

function fateLine(fate: Fate, style: Style): string {
  const file = style.bold(shown(fate.file));
  if ("error" in fate) return `${file}  ${refusedLine(fate.error, style)}`;
  if ("skipped" in fate) return `${file}  ${style.dim(`has version ${fate.skipped} already`)}`;
  const { rawBytes, storedBytes } = fate.report;
  const sizes = `${size(storedBytes)} for ${size(rawBytes)}`;
  return `${file}  ${style.green("✔")} ${shown(fate.output)}, ${sizes}`;
}

function summary(fates: readonly Fate[]): string {
  const failed = fates.filter((fate) => "error" in fate).length;
  const skipped = fates.filter((fate) => "skipped" in fate).length;
  const done = fates.length - failed - skipped;
  return [
    `${plural(done, "file")} converted`,
    ...(skipped > 0 ? [`${skipped} left out`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(", ");
}

async function versionOf(file: string): Promise<Version> {
  return (await isVersion2(file)) ? 2 : 1;
}

function otherThan(version: Version): Version {
  return version === 1 ? 2 : 1;
}

/** "sql.expert" becomes "sql.v2.expert". */
function besideFile(file: string, version: Version): string {
  const extension = extname(file);
  const stem = extension === "" ? file : file.slice(0, -extension.length);
  return `${stem}.v${version}.expert`;
}
