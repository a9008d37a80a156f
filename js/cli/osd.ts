// andon osd FOLDER|FILE, andon osd BASE TUNED

import { basename, dirname, join, resolve } from "node:path";
import type { OsdOptions } from "../index.js";
import { operands, oneOf, parseVerb, wholeNumber } from "./arguments.js";
import { Exit, UsageError } from "./errors.js";
import { levelFrom, SIGN_OPTIONS, signingFrom } from "./expert-options.js";
import type { OsdPaths } from "./expert-task.js";
import { runTask } from "./expert-task.js";
import { filesIn, isFolder } from "./folder.js";
import { printOsd } from "./osd-report.js";
import { requireFree } from "./output.js";
import { dtypeFrom, METADATA_OPTIONS, metadataFrom } from "./pack-expert.js";
import type { Terminal } from "./terminal.js";

const OPTIONS = {
  ...SIGN_OPTIONS,
  ...METADATA_OPTIONS,
  "compression-level": { type: "string" },
  output: { type: "string", short: "o" },
  rank: { type: "string" },
  size: { type: "string" },
  "relaxed-rank": { type: "string" },
  sparsity: { type: "string" },
  blend: { type: "string" },
  "sparse-format": { type: "string" },
  grid: { type: "boolean" },
  ranks: { type: "string" },
  sparsities: { type: "string" },
  importance: { type: "string" },
  with: { type: "string" },
  dtype: { type: "string" },
  force: { type: "boolean", short: "f" },
  json: { type: "boolean" },
} as const;

const MOST_RANK = 1024;

type Values = ReturnType<typeof parseVerb<typeof OPTIONS>>["values"];

export async function osd(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("osd", args, OPTIONS);
  const [first, tuned] = operands("osd", positionals, "FOLDER, FILE.expert or BASE", 2);
  const options: OsdOptions = {
    ...settingsFrom(values),
    ...levelFrom(values, "osd"),
    metadata: await metadataFrom(values, "osd"),
  };
  const path = values.output ?? beside(tuned ?? first);
  if (values.force !== true) await requireFree(path);
  const source = await sourceFrom(first, tuned, values.with);
  const signing = await signingFrom(values, terminal, "osd");
  const task = {
    verb: "osd",
    source,
    gradients: values.importance,
    options: { ...options, ...signing.options },
  } as const;
  const report = await runTask(task, path, terminal);
  await printOsd({ file: path, report, signer: signing.signer }, values.json, terminal);
  return Exit.ok;
}

function settingsFrom(values: Values): OsdOptions {
  const settings: OsdOptions = {};
  const { rank, "relaxed-rank": relaxed, sparsity, blend, "sparse-format": format, dtype } = values;
  if (rank !== undefined) settings.rank = rankFrom("--rank", rank);
  if (relaxed !== undefined) settings.relaxedRank = rankFrom("--relaxed-rank", relaxed);
  if (sparsity !== undefined) settings.sparsity = shareFrom("--sparsity", sparsity);
  if (blend !== undefined) settings.blend = shareFrom("--blend", blend);
  if (format !== undefined) {
    settings.sparseFormat = oneOf("osd", "--sparse-format", format, ["csr", "csc"]);
  }
  if (values.size !== undefined) {
    settings.size = oneOf("osd", "--size", values.size, ["stored", "memory"]);
  }
  if (dtype !== undefined) settings.dtype = dtypeFrom(dtype, "osd");
  const grid = gridFrom(values);
  return grid === undefined ? settings : { ...settings, grid };
}

function rankFrom(option: string, text: string): number {
  return wholeNumber("osd", option, text, 1, MOST_RANK);
}

function shareFrom(option: string, text: string): number {
  const number = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
  if (number >= 0 && number <= 1) return number;
  throw new UsageError(`osd: ${option} takes a number from 0 to 1, not '${text}'`, "osd");
}

function gridFrom({ grid, ranks, sparsities }: Values): OsdOptions["grid"] {
  if (ranks === undefined && sparsities === undefined) return grid;
  return {
    ranks: (ranks ?? "8,12,16,24").split(",").map((text) => rankFrom("--ranks", text)),
    sparsities: (sparsities ?? "0,0.01,0.05,0.1,0.2")
      .split(",")
      .map((text) => shareFrom("--sparsities", text)),
  };
}

async function sourceFrom(
  first: string,
  tuned: string | undefined,
  extra: string | undefined,
): Promise<OsdPaths> {
  if (tuned !== undefined) {
    return {
      base: await filesIn(first),
      tuned: await filesIn(tuned),
      extra: extra === undefined ? new Map() : await filesIn(extra),
      baseName: basename(resolve(first)),
    };
  }
  if (extra !== undefined) {
    throw new UsageError("osd: --with is for BASE and TUNED: the source has its own files", "osd");
  }
  return (await isFolder(first)) ? { adapter: await filesIn(first) } : { expert: first };
}

/** "experts/sql.expert" becomes "experts/sql.osd.expert". */
function beside(source: string): string {
  const stem = basename(resolve(source)).replace(/\.expert$/, "");
  return join(
    source.startsWith("/") ? dirname(resolve(source)) : dirname(source),
    `${stem}.osd.expert`,
  );
}
