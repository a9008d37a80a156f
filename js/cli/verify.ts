// andon verify FILE...

import { AndonError, open, type Opened, type OpenOptions, type Verdict } from "../index.js";
import { operandList, parseVerb } from "./arguments.js";
import { type ErrorReport, Exit, exitCode, report } from "./errors.js";
import { isReadWhole } from "./expert-page.js";
import { readWhole } from "./input.js";
import { POLICY_OPTIONS, policyFrom } from "./policy.js";
import { ByteProgress } from "./progress.js";
import { type Style, styleFor, type Terminal, write } from "./terminal.js";
import { shown, toJsonText } from "./text.js";
import { acceptedLine, refusedLine } from "./verdict.js";

const OPTIONS = {
  ...POLICY_OPTIONS,
  "verify-integrity": { type: "boolean" },
  "base-config": { type: "string" },
  sha256: { type: "string" },
  manifest: { type: "string" },
  json: { type: "boolean" },
} as const;

/** Of several files the exit code says the worst. */
const WORST_FIRST = [Exit.rejected, Exit.refused, Exit.failed];

/** Mistakes of the command line, whatever the file. */
const OF_THE_COMMAND: readonly AndonError["code"][] = [
  "KeyMalformed",
  "BaseConfig",
  "TrustStoreMalformed",
  "TrustStoreUnavailable",
];

type Outcome = Accepted | { verdict?: undefined; error: AndonError };

interface Accepted {
  verdict: Verdict;
  /** Whether every byte was read; of an expert of version 2 it may be its head alone. */
  whole: boolean;
  error?: undefined;
}

interface Wanted {
  policy: OpenOptions;
  /** Every byte and every section of experts. */
  all: boolean;
  baseConfig: Uint8Array | undefined;
  progress: ByteProgress;
}

export async function verify(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("verify", args, OPTIONS);
  const files = operandList("verify", positionals, "FILE");
  const base = values["base-config"];
  const progress = new ByteProgress(terminal.stderr.isTTY === true ? terminal.stderr : undefined);
  const wanted = {
    policy: { ...(await policyFrom(values, "verify")), ...hashesFrom(values) },
    all: values["verify-integrity"] === true || base !== undefined,
    baseConfig: base === undefined ? undefined : await readWhole(base),
    progress,
  };
  const style = styleFor(terminal.stdout, terminal.env);
  const exits = new Set<number>();
  const width = Math.max(...files.map((file) => shown(file).length));
  for (const file of files) {
    const outcome = await judge(file, wanted);
    progress.clear();
    exits.add(outcome.error === undefined ? Exit.ok : exitCode(outcome.error));
    const line = values.json
      ? json(file, outcome)
      : human(shown(file).padEnd(width), outcome, style);
    await write(terminal.stdout, `${line}\n`);
  }
  return WORST_FIRST.find((exit) => exits.has(exit)) ?? Exit.ok;
}

/** What language models must have. */
function hashesFrom({ sha256, manifest }: { sha256?: string; manifest?: string }): OpenOptions {
  return {
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(manifest === undefined ? {} : { manifest }),
  };
}

async function judge(file: string, wanted: Wanted): Promise<Outcome> {
  try {
    const opened = await open(file, wanted.policy);
    try {
      return await accepted(opened, wanted);
    } finally {
      opened.dispose();
    }
  } catch (error) {
    if (error instanceof AndonError && !isOfTheCommand(error)) return { error };
    throw error;
  }
}

async function accepted(opened: Opened, { all, baseConfig, progress }: Wanted): Promise<Accepted> {
  if (opened.kind !== "expert") return { verdict: opened.verdict, whole: true };
  const { verdict, description } = opened;
  if (!all) return { verdict, whole: isReadWhole(description) };
  const base = baseConfig === undefined ? {} : { baseConfig };
  const checked = await opened.verifyIntegrity({ onProgress: progress.report, ...base });
  return { verdict: checked, whole: true };
}

function isOfTheCommand({ code, verdict }: AndonError): boolean {
  return verdict === undefined && OF_THE_COMMAND.includes(code);
}

function human(file: string, outcome: Outcome, style: Style): string {
  const line =
    outcome.error === undefined
      ? acceptedLine(outcome.verdict, style, outcome.whole)
      : refusedLine(outcome.error, style);
  return `${style.bold(file)}  ${line}`;
}

function json(file: string, { verdict, error }: Outcome): string {
  const found: Partial<ErrorReport> = error === undefined ? { verdict } : report(error);
  return toJsonText({ file, accepted: error === undefined, ...found });
}
