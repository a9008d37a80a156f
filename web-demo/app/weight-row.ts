// One feature's weights, as bars to the left and the right of zero.

import { el } from "./dom.js";
import { label } from "./foreign.js";
import { number } from "./format.js";
import type { Table } from "./weights-data.js";

export interface Output {
  index: number;
  name: string;
}

function bar(table: Table, weight: number): HTMLElement {
  const span = table.high - table.low || 1;
  const fill = el("span", { class: weight < 0 ? "fill minus" : "fill plus" });
  fill.style.setProperty("--from", String((Math.min(weight, 0) - table.low) / span));
  fill.style.setProperty("--size", String(Math.abs(weight) / span));
  const track = el("span", { class: "track", "aria-hidden": "true" }, fill);
  track.style.setProperty("--zero", String(-table.low / span));
  return track;
}

export function weightRow(table: Table, feature: number, outputs: Output[]): HTMLElement {
  const name = el("span", { class: "name" }, label(table.features[feature] ?? ""));
  const bars = outputs.flatMap(({ index, name: title }) => {
    const weight = table.at(feature, index);
    const value = el("span", { class: "value" }, number(weight));
    const bars = [bar(table, weight), value];
    return outputs.length > 1 ? [el("span", { class: "class" }, label(title, 40)), ...bars] : bars;
  });
  const grouped = outputs.length > 1 ? "weight grouped" : "weight";
  return el("li", { class: grouped }, name, ...bars);
}
