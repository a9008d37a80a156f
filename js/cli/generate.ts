// andon generate MODEL [PROMPT]

import type { Generation, GenerationResult } from "../index.js";
import { operands, parseVerb } from "./arguments.js";
import { Exit } from "./errors.js";
import { readAllText } from "./input.js";
import { openText, words } from "./language.js";
import {
  MODEL_OPTIONS,
  modelOptions,
  WRITING_OPTIONS,
  writingOptions,
} from "./language-options.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { toJsonText } from "./text.js";
import {
  EXPERT_OPTIONS,
  grammarFrom,
  modelTerms,
  requireExperts,
  withExperts,
} from "./using-experts.js";

const OPTIONS = {
  ...MODEL_OPTIONS,
  ...WRITING_OPTIONS,
  ...EXPERT_OPTIONS,
  quiet: { type: "boolean", short: "q" },
  json: { type: "boolean" },
} as const;

export async function generate(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("generate", args, OPTIONS);
  const [file, given] = operands("generate", positionals, "MODEL", 2);
  requireExperts("generate", values);
  const writing = {
    ...writingOptions("generate", values),
    ...(await grammarFrom("generate", values)),
  };
  const opening = await modelOptions("generate", values);
  const prompt = given === undefined || given === "-" ? await readAllText(terminal) : given;
  const opened = await openText(file, modelTerms(opening, values), terminal);
  const { model, experts } = await withExperts(opened, values, opening, terminal);
  try {
    const generation = model.generate(prompt, { ...writing, experts });
    if (values.json) {
      await write(terminal.stdout, `${toJsonText(await generation.result())}\n`);
      return Exit.ok;
    }
    await speak(generation, terminal);
    await write(terminal.stdout, "\n");
    if (!values.quiet && terminal.stderr.isTTY === true) {
      const style = styleFor(terminal.stderr, terminal.env);
      await write(terminal.stderr, `${style.dim(summary(await generation.result()))}\n`);
    }
  } finally {
    model.dispose();
  }
  return Exit.ok;
}

/** Writes the text as it comes. */
export async function speak(generation: Generation, { stdout }: Terminal): Promise<void> {
  for await (const part of generation) {
    if (part.type === "text") await write(stdout, words(part.text, stdout));
  }
}

export function summary(result: GenerationResult): string {
  const { promptTokens, cachedTokens, completionTokens, finishReason } = result;
  const prompt = `${promptTokens - cachedTokens} prompt at ${rate(result.promptTokensPerSecond)}`;
  const written = `${completionTokens} written at ${rate(result.tokensPerSecond)}`;
  return `tokens: ${prompt}, ${written}; ${finishReason}; seed ${result.seed}`;
}

function rate(perSecond: number): string {
  return `${perSecond.toFixed(1)}/s`;
}
