// What a command has made: a line that says so, and facts about it below.

import type { Style } from "./terminal.js";
import { align, shown } from "./text.js";

/** Values come as they are to be shown. */
export type Facts = readonly (readonly [label: string, value: string | undefined])[];

export function facts(title: string, list: Facts, style: Style): string {
  return [
    `${style.green("✔")} ${style.bold(shown(title))}`,
    ...labelled(list, style).map((line) => `  ${line}`),
  ].join("\n");
}

/** "label  value", the labels in one column; facts that are not known are left out. */
export function labelled(list: Facts, style: Style): string[] {
  const known = list.filter(([, value]) => value !== undefined && value !== "");
  const labels = align(known.map(([label]) => [label, ""]));
  return known.map(([, value], i) => `${style.dim(labels[i] ?? "")}${value ?? ""}`);
}
