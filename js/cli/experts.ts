// andon experts list | install | update | remove | verify

import { ExpertManager, type InstalledExpert, openExpertStore, type Outcome } from "../index.js";
import { noOperands, operandList, parseVerb, subVerbs } from "./arguments.js";
import { Exit, exitCode, report } from "./errors.js";
import { installedPage, outcomesPage } from "./experts-page.js";
import { POLICY_OPTIONS, policyFrom } from "./policy.js";
import { ByteProgress } from "./progress.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { toJsonText } from "./text.js";

const OPTIONS = { store: { type: "string" }, json: { type: "boolean" } } as const;
const TRUST_OPTIONS = { ...OPTIONS, ...POLICY_OPTIONS } as const;
const UPDATE_OPTIONS = { ...TRUST_OPTIONS, "any-publisher": { type: "boolean" } } as const;
const REMOVE_OPTIONS = { ...OPTIONS, force: { type: "boolean", short: "f" } } as const;

/** Of several experts the exit code says the worst. */
const WORST_FIRST = [Exit.rejected, Exit.refused, Exit.failed];

type Policy = Parameters<typeof policyFrom>[0] & { store?: string };

export const experts = subVerbs("experts", { list, install, update, remove, verify });

async function list(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("experts list", args, OPTIONS);
  noOperands("experts list", positionals);
  const manager = new ExpertManager({ store: await openExpertStore(values.store) });
  return present(await manager.list(), values.json, terminal);
}

async function install(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("experts install", args, TRUST_OPTIONS);
  const files = operandList("experts install", positionals, "FILE");
  const manager = await managerFrom(values, "experts install");
  return take(files, values.json, terminal, (file, options) => manager.install(file, options));
}

async function update(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("experts update", args, UPDATE_OPTIONS);
  const files = operandList("experts update", positionals, "FILE");
  const manager = await managerFrom(values, "experts update");
  const anyPublisher = values["any-publisher"] === true;
  return take(files, values.json, terminal, (file, options) =>
    manager.update(file, { ...options, anyPublisher }),
  );
}

async function remove(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("experts remove", args, REMOVE_OPTIONS);
  const names = operandList("experts remove", positionals, "NAME");
  const manager = new ExpertManager({ store: await openExpertStore(values.store) });
  for (const name of names) await manager.remove(name, { force: values.force === true });
  return present(await manager.list(), values.json, terminal);
}

async function verify(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("experts verify", args, TRUST_OPTIONS);
  const manager = await managerFrom(values, "experts verify");
  const progress = progressFor(terminal);
  const outcomes = await manager.verify(positionals.length > 0 ? positionals : undefined, {
    onProgress: progress.report,
  });
  progress.clear();
  const style = styleFor(terminal.stdout, terminal.env);
  const lines = values.json
    ? outcomes.map((outcome) => `${toJsonText(jsonOf(outcome))}\n`).join("")
    : `${outcomesPage(outcomes, style)}\n`;
  await write(terminal.stdout, lines);
  const exits = new Set(outcomes.map(({ error }) => error && exitCode(error)));
  return WORST_FIRST.find((exit) => exits.has(exit)) ?? Exit.ok;
}

type Take = (
  file: string,
  options: { onProgress: ByteProgress["report"] },
) => Promise<InstalledExpert>;

/** One file after the other; the first that is refused ends it. */
async function take(
  files: readonly string[],
  json: boolean | undefined,
  terminal: Terminal,
  act: Take,
): Promise<number> {
  const progress = progressFor(terminal);
  const taken: InstalledExpert[] = [];
  try {
    for (const file of files) taken.push(await act(file, { onProgress: progress.report }));
  } finally {
    progress.clear();
  }
  return present(taken, json, terminal);
}

async function managerFrom(values: Policy, verb: string): Promise<ExpertManager> {
  const policy = await policyFrom(values, verb);
  return new ExpertManager({ ...policy, store: await openExpertStore(values.store) });
}

function progressFor({ stderr }: Terminal): ByteProgress {
  return new ByteProgress(stderr.isTTY === true ? stderr : undefined);
}

async function present(
  installed: readonly InstalledExpert[],
  json: boolean | undefined,
  terminal: Terminal,
): Promise<number> {
  const style = styleFor(terminal.stdout, terminal.env);
  const text = json ? toJsonText(installed, 2) : installedPage(installed, style);
  await write(terminal.stdout, `${text}\n`);
  return Exit.ok;
}

function jsonOf({ name, verdict, error }: Outcome): object {
  const found = error === undefined ? { verdict } : report(error);
  return { name, accepted: error === undefined, ...found };
}
