// The verdict, said plainly. It comes out of verification; nothing is judged here.

import type { Verdict } from "../index.js";
import { Exit, exitCode, report } from "./errors.js";
import type { Style } from "./terminal.js";
import { shown } from "./text.js";

/** The line for a file that may run. `whole`: every byte of it was read. */
export function acceptedLine(verdict: Verdict, style: Style, whole = true): string {
  if (verdict.trust === "trusted") {
    return style.green(`✔ ${style.bold("Verified")}, signed by ${signer(verdict)}, whom you trust`);
  }
  const rest = verdict.signature === "none" ? "not signed" : "signed by a key you have not named";
  return `${style.green(`✔ ${style.bold(whole ? "Intact" : "Head intact")}`)}, ${style.yellow(rest)}`;
}

/** The line for a file that may not, and why. */
export function refusedLine(error: unknown, style: Style): string {
  const { code, message } = report(error);
  const words = { [Exit.rejected]: "Rejected", [Exit.refused]: "Refused" } as const;
  const exit = exitCode(error);
  const word = exit === Exit.rejected || exit === Exit.refused ? words[exit] : "Failed";
  return `${style.red(`✘ ${style.bold(word)}`)}: ${shown(message)} ${style.dim(`[${code}]`)}`;
}

/** The name that the caller gave the key, or the key itself. */
export function signer(verdict: Verdict): string {
  return shown(verdict.signerName ?? verdict.signer ?? "nobody");
}
