// andon verify FILE...

import { AndonError, open, type OpenOptions, type Verdict } from "../index.js";
import { parseVerb } from "./arguments.js";
import { type ErrorReport, Exit, exitCode, report, UsageError } from "./errors.js";
import { POLICY_OPTIONS, policyFrom } from "./policy.js";
import { type Style, styleFor, type Terminal, write } from "./terminal.js";
import { shown, toJsonText } from "./text.js";
import { acceptedLine, refusedLine } from "./verdict.js";

const OPTIONS = { ...POLICY_OPTIONS, json: { type: "boolean" } } as const;

/** Of several files the exit code says the worst. */
const WORST_FIRST = [Exit.rejected, Exit.refused, Exit.failed];

type Outcome = { verdict: Verdict; error?: undefined } | { verdict?: undefined; error: AndonError };

export async function verify(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("verify", args, OPTIONS);
  if (positionals.length === 0) throw new UsageError("verify: FILE is missing", "verify");
  const policy = await policyFrom(values);
  const style = styleFor(terminal.stdout, terminal.env);
  const exits = new Set<number>();
  const width = Math.max(...positionals.map((file) => shown(file).length));
  for (const file of positionals) {
    const outcome = await judge(file, policy);
    exits.add(outcome.error === undefined ? Exit.ok : exitCode(outcome.error));
    const line = values.json
      ? json(file, outcome)
      : human(shown(file).padEnd(width), outcome, style);
    await write(terminal.stdout, `${line}\n`);
  }
  return WORST_FIRST.find((exit) => exits.has(exit)) ?? Exit.ok;
}

async function judge(file: string, policy: OpenOptions): Promise<Outcome> {
  try {
    const model = await open(file, policy);
    model.dispose();
    return { verdict: model.verdict };
  } catch (error) {
    if (error instanceof AndonError && !isOfThePolicy(error)) return { error };
    throw error;
  }
}

/** A key that is none is a mistake of the command line, whatever the file. */
function isOfThePolicy(error: AndonError): boolean {
  return error.code === "KeyMalformed" && error.verdict === undefined;
}

function human(file: string, { verdict, error }: Outcome, style: Style): string {
  const line = verdict === undefined ? refusedLine(error, style) : acceptedLine(verdict, style);
  return `${style.bold(file)}  ${line}`;
}

function json(file: string, { verdict, error }: Outcome): string {
  const found: Partial<ErrorReport> = error === undefined ? { verdict } : report(error);
  return toJsonText({ file, accepted: error === undefined, ...found });
}
