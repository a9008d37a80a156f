// Experts among which each question of a chat goes to the one that it is for.

import {
  ExpertManager,
  type LanguageModel,
  type LanguageModelOptions,
  memoryExpertStore,
  openExpertStore,
} from "../index.js";
import { UsageError } from "./errors.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { shown } from "./text.js";
import { acceptedLine, refusedLine } from "./verdict.js";

export const ROUTE_OPTIONS = {
  route: { type: "boolean" },
  store: { type: "string" },
} as const;

interface RouteValues {
  route?: boolean;
  store?: string;
  expert?: string[];
  merge?: boolean;
  "any-base"?: boolean;
}

/** Throws UsageError. */
export function requireRoute({ route, store, expert, merge }: RouteValues): void {
  if (route && merge)
    throw new UsageError(
      "chat: --route and --merge exclude each other: who answers changes",
      "chat",
    );
  if (store !== undefined && (!route || expert !== undefined))
    throw new UsageError("chat: --store goes with --route, and without --expert", "chat");
}

/**
 * Those that the command line names, or else what is installed; loaded as far as there is room. Shows a person what each
 * is. Throws what `install` and `load` do for those that are named; of installed ones, what is refused does not answer.
 */
export async function routedExperts(
  model: LanguageModel,
  { expert: files, store: where, "any-base": anyBase = false }: RouteValues,
  trust: LanguageModelOptions,
  terminal: Terminal,
): Promise<ExpertManager> {
  const store = files === undefined ? await openExpertStore(where) : memoryExpertStore();
  const experts = new ExpertManager({ ...trust, store, model, anyBase });
  for (const file of files ?? []) await experts.install(file);
  const { loaded, refused } = await experts.preload();
  const person = terminal.stderr.isTTY === true;
  const style = styleFor(terminal.stderr, terminal.env);
  const tell = (name: string, line: string): Promise<void> =>
    write(terminal.stderr, `${style.bold(shown(name))} ${line}\n`);
  for (const { name, error } of refused) {
    if (files !== undefined) throw error;
    if (person) await tell(name, refusedLine(error, style));
  }
  for (const name of person ? loaded : []) {
    const { version, verdict } = await experts.load(name);
    await tell(name, `${shown(version)}: ${acceptedLine(verdict, style, false)}`);
  }
  return experts;
}
