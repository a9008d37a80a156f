// The weights as bars to the left and the right of zero, the strongest first.

import type { ModelDescription, Weights } from "./andon.js";
import { button, byId, el } from "./dom.js";
import { label, short } from "./foreign.js";
import { count, number } from "./format.js";
import { virtualList } from "./virtual-list.js";
import { weightRow, type Output } from "./weight-row.js";
import { chosenFeatures, weightsTable, type Choice, type Table } from "./weights-data.js";

const atFirst = 20; // features shown before all are asked for
const searchFrom = 8; // features; fewer are seen at a glance
const sideBySide = 6; // outputs shown together; beyond that, one is chosen

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
  const change = (): void => {
    onChange({ search: search.value, order: order.value === "file" ? "file" : "size" });
  };
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

function classChooser(outputs: Output[], onChange: (output: Output) => void): HTMLElement {
  const input = el("input", {
    type: "number",
    id: "weights-class",
    min: "1",
    max: String(outputs.length),
    value: "1",
  });
  const name = el("span", {}, label(outputs[0]?.name ?? "", 40));
  input.addEventListener("input", () => {
    const chosen = outputs[input.valueAsNumber - 1];
    if (chosen === undefined) return;
    name.replaceChildren(label(chosen.name, 40));
    onChange(chosen);
  });
  const title = el("label", { for: "weights-class" }, `Class, 1 to ${count(outputs.length)}`);
  return el("div", { class: "row controls" }, title, input, name);
}

class Chart {
  readonly element = el("div", { id: "weights-chart" });
  readonly footer: HTMLElement;
  private readonly state = el("p", { class: "quiet", role: "status" });
  private readonly toggle = button("", () => {
    this.all = !this.all;
    this.draw();
  });
  private all = false;

  constructor(
    private readonly table: Table,
    private outputs: Output[],
    private choice: Choice,
  ) {
    this.footer = el("div", { class: "row spread" }, this.state, this.toggle);
    this.draw();
  }

  choose(choice: Choice): void {
    this.choice = choice;
    this.draw();
  }

  showOnly(output: Output): void {
    this.outputs = [output];
    this.draw();
  }

  private draw(): void {
    const features = chosenFeatures(this.table, this.choice);
    const row = (index: number): HTMLElement =>
      weightRow(this.table, features[index] ?? 0, this.outputs);
    const length = this.all ? features.length : Math.min(atFirst, features.length);
    const rows =
      length > atFirst
        ? virtualList("All weights", length, row)
        : el("ol", { role: "list" }, ...Array.from({ length }, (_, index) => row(index)));
    this.element.replaceChildren(rows);
    this.describe(length, features.length);
  }

  private describe(shown: number, found: number): void {
    const { length } = this.table.features;
    this.toggle.hidden = found <= atFirst;
    this.toggle.textContent = this.all ? `Show ${atFirst} only` : `Show all ${count(found)}`;
    this.state.textContent = shown < length ? `${count(shown)} of ${count(length)} features` : "";
  }
}

export function showWeights(model: ModelDescription, weights: Weights): void {
  const names = model.features.map(({ name }) => name);
  const table = weightsTable(names, weights);
  const outputs = (table.outputs > 1 ? model.classes : [""]).map((name, index) => ({
    index,
    name,
  }));
  const crowded = outputs.length > sideBySide;
  const start: Choice = { search: "", order: "size" };
  const chart = new Chart(table, crowded ? outputs.slice(0, 1) : outputs, start);
  const chooser = crowded ? [classChooser(outputs, (output) => chart.showOnly(output))] : [];
  const search = names.length > searchFrom ? [controls((choice) => chart.choose(choice))] : [];
  byId("weights", HTMLElement).replaceChildren(
    byId("weights-title", HTMLElement),
    el("p", { class: "quiet" }, explanation(model, table)),
    ...intercepts(model, weights),
    ...chooser,
    ...search,
    chart.element,
    chart.footer,
  );
}
