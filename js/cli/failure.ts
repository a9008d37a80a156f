// What the command says when it fails.

import { AndonError } from "../index.js";
import { report, UsageError } from "./errors.js";
import type { Style } from "./terminal.js";
import { shown, toJsonText, visible } from "./text.js";
import { refusedLine } from "./verdict.js";

/** One line of JSON; or a sentence, and where help is to be had. */
export function failureText(error: unknown, json: boolean, style: Style): string {
  if (json) return `${toJsonText(report(error))}\n`;
  if (error instanceof AndonError && error.verdict !== undefined) {
    const reasons = error.verdict.reasons.map((reason) => `  ${style.dim(shown(reason))}\n`);
    return `${refusedLine(error, style)}\n${reasons.join("")}`;
  }
  const { code, message } = report(error);
  const sentence = `${style.red("andon:")} ${visible(message)}`;
  if (!(error instanceof UsageError)) return `${sentence} ${style.dim(`[${code}]`)}\n`;
  const help = error.verb === undefined ? "andon --help" : `andon help ${error.verb}`;
  return `${sentence}\nTry ${style.cyan(help)}.\n`;
}
