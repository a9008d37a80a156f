// andon pack FOLDER

import { basename, dirname, join, resolve } from "node:path";
import type { ExpertPackOptions } from "../index.js";
import { oneOf, wholeNumber } from "./arguments.js";
import { CliError, Exit } from "./errors.js";
import { levelFrom, signingFrom, versionFrom, WRITE_OPTIONS } from "./expert-options.js";
import { printPacked } from "./expert-report.js";
import { runTask } from "./expert-task.js";
import { filesIn } from "./folder.js";
import { readWhole } from "./input.js";
import { requireFree } from "./output.js";
import type { Terminal } from "./terminal.js";

/** What the metadata can be told. */
export const METADATA_OPTIONS = {
  name: { type: "string" },
  "release-version": { type: "string" },
  "release-counter": { type: "string" },
  description: { type: "string" },
  author: { type: "string" },
  license: { type: "string" },
  metadata: { type: "string" },
} as const;

export const EXPERT_OPTIONS = {
  ...WRITE_OPTIONS,
  ...METADATA_OPTIONS,
  dtype: { type: "string" },
} as const;

export interface MetadataValues {
  name?: string;
  "release-version"?: string;
  "release-counter"?: string;
  description?: string;
  author?: string;
  license?: string;
  metadata?: string;
}

interface ExpertValues extends MetadataValues {
  output?: string;
  force?: boolean;
  json?: boolean;
  format?: string;
  "compression-level"?: string;
  "sign-key"?: string;
  cert?: string;
  dtype?: string;
}

export async function packExpert(
  folder: string,
  values: ExpertValues,
  terminal: Terminal,
): Promise<number> {
  const path = values.output ?? besideFolder(folder);
  const version = versionFrom(values, "pack");
  const options: ExpertPackOptions = {
    ...levelFrom(values, "pack"),
    metadata: await metadataFrom(values, "pack"),
  };
  if (version !== undefined) options.version = version;
  if (values.dtype !== undefined) options.dtype = dtypeFrom(values.dtype, "pack");
  if (values.force !== true) await requireFree(path);
  const files = await filesIn(folder);
  const signing = await signingFrom(values, terminal, "pack");
  const task = { verb: "pack", files, options: { ...options, ...signing.options } } as const;
  const report = await runTask(task, path, terminal);
  await printPacked({ file: path, report, signer: signing.signer }, values.json, terminal);
  return Exit.ok;
}

const DTYPES = { f32: "F32", f16: "F16", bf16: "BF16" } as const;

/** Throws UsageError. */
export function dtypeFrom(text: string, verb: string): (typeof DTYPES)[keyof typeof DTYPES] {
  return DTYPES[oneOf(verb, "--dtype", text, ["f32", "f16", "bf16"])];
}

/** "adapters/sql" becomes "adapters/sql.expert"; "." is called after the folder that it is. */
export function besideFolder(folder: string): string {
  const name = `${basename(resolve(folder))}.expert`;
  return folder.startsWith("/")
    ? join(dirname(resolve(folder)), name)
    : join(dirname(folder), name);
}

/** Throws UsageError, InputUnreadable, ExpertMetadataField. */
export async function metadataFrom(
  values: MetadataValues,
  verb: string,
): Promise<Record<string, unknown>> {
  const counter = values["release-counter"];
  const stated = {
    name: values.name,
    version: values["release-version"],
    release_counter: counter === undefined ? undefined : counterFrom(counter, verb),
    description: values.description,
    author: values.author,
    license: values.license,
  };
  const given = Object.entries(stated).filter(([, value]) => value !== undefined);
  const file = values.metadata === undefined ? {} : await readMetadata(values.metadata);
  return { ...file, ...Object.fromEntries(given) };
}

function counterFrom(text: string, verb: string): number {
  return wholeNumber(verb, "--release-counter", text, 0, Number.MAX_SAFE_INTEGER);
}

async function readMetadata(path: string): Promise<object> {
  const bytes = await readWhole(path);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw noObject(path, cause);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw noObject(path);
}

function noObject(path: string, cause?: unknown): CliError {
  return new CliError("ExpertMetadataField", `'${path}' is not a JSON object in UTF-8`, undefined, {
    cause,
  });
}
