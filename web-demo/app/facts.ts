// A list of names and values.

import { el } from "./dom.js";
import { passage } from "./foreign.js";

export type Fact = [name: string, value: Node | string];

export function facts(entries: Fact[]): HTMLElement {
  const pairs = entries.map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value)),
  );
  return el("dl", { class: "facts" }, ...pairs);
}

/** Facts whose values the file gives as text; what it leaves out is left out here. */
export function foreignFacts(entries: [name: string, value: string | undefined][]): Fact[] {
  return entries.flatMap(([name, value]): Fact[] =>
    value === undefined || value === "" ? [] : [[name, passage(value)]],
  );
}
