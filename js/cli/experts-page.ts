// Experts of a store, for people.

import type { InstalledExpert, Outcome } from "../index.js";
import type { Style } from "./terminal.js";
import { align, shown, size } from "./text.js";
import { acceptedLine, refusedLine } from "./verdict.js";

export function installedPage(experts: readonly InstalledExpert[], style: Style): string {
  if (experts.length === 0) return "No expert is installed.";
  return align(experts.map((expert) => row(expert, style))).join("\n");
}

export function outcomeLine({ name, verdict, error }: Outcome, style: Style): string {
  const line = error === undefined ? acceptedLine(verdict, style) : refusedLine(error, style);
  return `${style.bold(shown(name))}  ${line}`;
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
