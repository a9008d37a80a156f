// Experts of a store, for people.

import type { InstalledExpert, Outcome } from "../index.js";
import type { Style } from "./terminal.js";
import { align, shown, size } from "./text.js";
import { acceptedLine, refusedLine } from "./verdict.js";

const noExpert = "No expert is installed.";

export function installedPage(experts: readonly InstalledExpert[], style: Style): string {
  if (experts.length === 0) return noExpert;
  return align(experts.map((expert) => row(expert, style))).join("\n");
}

export function outcomesPage(outcomes: readonly Outcome[], style: Style): string {
  const lineOf = ({ verdict, error }: Outcome): string =>
    error === undefined ? acceptedLine(verdict, style) : refusedLine(error, style);
  if (outcomes.length === 0) return noExpert;
  return align(outcomes.map((each) => [style.bold(shown(each.name)), lineOf(each)])).join("\n");
}

function row({ name, version, bytes, signer, manifest }: InstalledExpert, style: Style): string[] {
  return [
    shown(name),
    shown(version),
    size(bytes),
    signer === null ? "not signed" : "signed",
    style.dim(shown(manifest.description ?? "")),
  ];
}
