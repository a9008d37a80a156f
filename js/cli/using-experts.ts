// The experts that a language model writes with, and what its text must be.

import type {
  AttachedExpert,
  GenerateOptions,
  GrammarOption,
  LanguageModel,
  LanguageModelOptions,
} from "../index.js";
import { CliError, UsageError } from "./errors.js";
import { readWhole } from "./input.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { shown } from "./text.js";
import { acceptedLine } from "./verdict.js";

export const EXPERT_OPTIONS = {
  expert: { type: "string", multiple: true },
  "any-base": { type: "boolean" },
  merge: { type: "boolean" },
  grammar: { type: "string" },
  "no-grammar": { type: "boolean" },
} as const;

interface ExpertValues {
  expert?: string[];
  "any-base"?: boolean;
  merge?: boolean;
  grammar?: string;
  "no-grammar"?: boolean;
}

/**
 * Whom the command line trusts is asked of the experts: files of language models have no signature, and are known by
 * --sha256 or --manifest. Without experts it is asked of the model. `route`: of `andon chat`.
 */
export function modelTerms(
  options: LanguageModelOptions,
  { expert, route }: ExpertValues & { route?: boolean },
): LanguageModelOptions {
  return expert === undefined && !route ? options : { ...options, allowUnsigned: true };
}

/** A model, and the experts that its sessions are to use. */
interface Writing {
  model: LanguageModel;
  experts: readonly AttachedExpert[];
}

/** Throws UsageError. */
export function requireExperts(verb: string, { expert, merge }: ExpertValues): void {
  if (!merge || expert !== undefined) return;
  throw new UsageError(`${verb}: --merge is about experts: --expert is missing`, verb);
}

/** What is made for a model, which is disposed of where that fails. */
export async function orDispose<Made>(model: LanguageModel, making: Promise<Made>): Promise<Made> {
  try {
    return await making;
  } catch (thrown) {
    model.dispose();
    throw thrown;
  }
}

/**
 * The model with the experts that the command line names: attached, or in the weights of a copy that takes its place.
 * Throws what `attach` and `merge` do; the model is disposed of then.
 */
export async function withExperts(
  model: LanguageModel,
  values: ExpertValues,
  trust: LanguageModelOptions,
  terminal: Terminal,
): Promise<Writing> {
  const experts = await orDispose(model, attachAll(model, values, trust, terminal));
  if (!values.merge) return { model, experts };
  const merged = await orDispose(model, model.merge(experts));
  model.dispose();
  return { model: merged, experts: [] };
}

/** Shows a person what each is. */
async function attachAll(
  model: LanguageModel,
  { expert: files = [], "any-base": anyBase = false }: ExpertValues,
  trust: LanguageModelOptions,
  terminal: Terminal,
): Promise<AttachedExpert[]> {
  const attached: AttachedExpert[] = [];
  for (const file of files) {
    const expert = await model.attach(file, { ...trust, anyBase });
    attached.push(expert);
    if (terminal.stderr.isTTY === true)
      await write(terminal.stderr, `${lineOf(expert, terminal)}\n`);
  }
  return attached;
}

function lineOf(expert: AttachedExpert, { stderr, env }: Terminal): string {
  const style = styleFor(stderr, env);
  const { name, version, verdict, timings } = expert;
  const ready = style.dim(`ready in ${timings.readyMs.toFixed(0)} ms`);
  return `${style.bold(shown(name))} ${shown(version)}: ${acceptedLine(verdict, style, false)}, ${ready}`;
}

/** What the text must be, where the command line says. Throws UsageError, InputUnreadable, InvalidArgument. */
export async function grammarFrom(
  verb: string,
  { grammar, "no-grammar": none }: ExpertValues,
): Promise<Pick<GenerateOptions, "grammar">> {
  if (none && grammar !== undefined) {
    throw new UsageError(`${verb}: --grammar and --no-grammar exclude each other`, verb);
  }
  if (none) return { grammar: false };
  if (grammar === undefined) return {};
  const text = new TextDecoder().decode(await readWhole(grammar));
  return { grammar: grammar.endsWith(".json") ? { schema: schemaOf(text) } : { gbnf: text } };
}

function schemaOf(text: string): Extract<GrammarOption, { schema: unknown }>["schema"] {
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema === "boolean") return schema;
    if (typeof schema === "object" && schema !== null) return schema as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new CliError("InvalidArgument", "the grammar is no JSON Schema");
}
