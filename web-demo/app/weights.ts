// The weights as bars to the left and the right of zero, the strongest first.

import type { ModelDescription, Weights } from "./andon.js";
import { button, byId, el } from "./dom.js";
import { label, short } from "./foreign.js";
import { count, number, plural } from "./format.js";
import { virtualList } from "./virtual-list.js";
import { chosenFeatures, weightsTable, type Choice, type Table } from "./weights-data.js";

const atFirst = 20; // features shown before all are asked for
const sideBySide = 6; // outputs shown together; beyond that, one is chosen

function bar(table: Table, weight: number): HTMLElement {
  const span = table.high - table.low || 1;
  const fill = el("span", { class: weight < 0 ? "fill minus" : "fill plus" });
  fill.style.setProperty("--from", String((Math.min(weight, 0) - table.low) / span));
  fill.style.setProperty("--size", String(Math.abs(weight) / span));
  const track = el("span", { class: "track", "aria-hidden": "true" }, fill);
  track.style.setProperty("--zero", String(-table.low / span));
  return track;
}

function renderRow(table: Table, feature: number, outputs: [output: number, name: string][]) {
  const name = el("span", { class: "name" }, label(table.features[feature] ?? ""));
  const bars = outputs.flatMap(([output, title]) => {
    const weight = table.at(feature, output);
    const value = el("span", { class: "value" }, number(weight));
    const bars = [bar(table, weight), value];
    return outputs.length > 1 ? [el("span", { class: "class" }, label(title, 40)), ...bars] : bars;
  });
  const grouped = outputs.length > 1 ? "weight grouped" : "weight";
  return el("li", { class: grouped }, name, ...bars);
}

function explanation({ task, classes }: ModelDescription, table: Table): string {
  if (task === "regression")
    return "How much the prediction changes when a feature grows by one, all others staying the same.";
  if (table.outputs === 1)
    return `Bars to the right speak for ${short(classes[1] ?? "", 40)}, to the left for ${short(classes[0] ?? "", 40)}.`;
  return "Bars to the right speak for a class, to the left against it.";
}

function intercepts({ classes }: ModelDescription, { intercept }: Weights): HTMLElement[] {
  if (intercept.length === 0) return [];
  const names = intercept.length > 1 ? classes.slice(0, sideBySide) : [""];
  const parts = names.flatMap((name, index) => [
    ...(name ? [label(name, 40), " "] : []),
    `${number(intercept[index] ?? 0)}${index < names.length - 1 ? ", " : ""}`,
  ]);
  const rest = intercept.length - names.length;
  return [el("p", {}, "Intercept: ", ...parts, rest > 0 ? ` and ${count(rest)} more` : "")];
}

function controls(onChange: (choice: Choice) => void): HTMLElement {
  const search = el("input", { type: "search", id: "weights-search", autocomplete: "off" });
  const order = el("select", { id: "weights-order" });
  order.append(
    el("option", { value: "size" }, "strongest first"),
    el("option", { value: "file" }, "as in the file"),
  );
  const change = (): void =>
    onChange({ search: search.value, order: order.value === "file" ? "file" : "size" });
  search.addEventListener("input", change);
  order.addEventListener("change", change);
  return el(
    "div",
    { class: "row controls" },
    el("label", { for: "weights-search" }, "Search"),
    search,
    el("label", { for: "weights-order" }, "Order"),
    order,
  );
}

function classChooser(classes: string[], onChange: (output: number) => void): HTMLElement {
  const input = el("input", {
    type: "number",
    id: "weights-class",
    min: "1",
    max: String(classes.length),
    value: "1",
  });
  const name = el("span", {}, label(classes[0] ?? "", 40));
  input.addEventListener("input", () => {
    const output = input.valueAsNumber - 1;
    const chosen = classes[output];
    if (chosen === undefined) return;
    name.replaceChildren(label(chosen, 40));
    onChange(output);
  });
  const title = el("label", { for: "weights-class" }, `Class, 1 to ${count(classes.length)}`);
  return el("div", { class: "row controls" }, title, input, name);
}

export function showWeights(model: ModelDescription, weights: Weights): void {
  const table = weightsTable(
    model.features.map(({ name }) => name),
    weights,
  );
  const names = table.outputs > 1 ? model.classes : [""];
  const one = (output: number): [number, string][] => [[output, names[output] ?? ""]];
  let choice: Choice = { search: "", order: "size" };
  let outputs = names.length > sideBySide ? one(0) : names.flatMap((_, output) => one(output));
  let all = false;

  const chart = el("div", { id: "weights-chart" });
  const state = el("p", { class: "quiet", role: "status" });
  const toggle = button("", () => {
    all = !all;
    draw();
  });
  function draw(): void {
    const features = chosenFeatures(table, choice);
    const row = (index: number): HTMLElement =>
      renderRow(table, features[index] as number, outputs);
    const length = all ? features.length : Math.min(atFirst, features.length);
    if (length > atFirst) chart.replaceChildren(virtualList("All weights", length, row));
    else
      chart.replaceChildren(
        el("ol", { role: "list" }, ...Array.from({ length }, (_, index) => row(index))),
      );
    toggle.hidden = features.length <= atFirst;
    toggle.textContent = all ? `Show ${atFirst} only` : `Show all ${count(features.length)}`;
    state.textContent =
      length < table.features.length
        ? `${count(length)} of ${plural(table.features.length, "feature")}`
        : "";
  }
  const chooser =
    names.length > sideBySide
      ? [classChooser(names, (output) => ((outputs = one(output)), draw()))]
      : [];
  const search =
    table.features.length > 8 ? [controls((changed) => ((choice = changed), draw()))] : [];
  byId("weights", HTMLElement).replaceChildren(
    byId("weights-title", HTMLElement),
    el("p", { class: "quiet" }, explanation(model, table)),
    ...intercepts(model, weights),
    ...chooser,
    ...search,
    chart,
    el("div", { class: "row spread" }, state, toggle),
  );
  draw();
}
