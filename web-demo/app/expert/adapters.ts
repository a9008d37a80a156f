// What the expert changes in its base model, layer by layer, filling in as the layers are read.

import { AndonError, type AdapterSummary, type Expert } from "../andon.js";
import { button, el } from "../dom.js";
import { count, number, plural } from "../format.js";
import { paged } from "../paged.js";
import { AdapterChart } from "./adapter-chart.js";
import { Adapters, kindName, layerName, type Column, type Module } from "./adapter-data.js";
import { dataTable, unfolded } from "./table.js";

const readAhead = 2; // layers
const columns = ["Module", "Kind", "Rank", "In → out", "Scale", "Values", "Norm"];

/** IA³ of PEFT tells one side only. */
const features = (size: number): string => (size === 0 ? "?" : count(size));

function moduleCells(one: Module, strongest: number): (Node | string)[] {
  const fill = el("span", { class: "fill plus" });
  fill.style.setProperty("--from", "0");
  fill.style.setProperty("--size", String(one.norm / (strongest || 1)));
  const track = el("span", { class: "track", "aria-hidden": "true" }, fill);
  return [
    one.target,
    kindName(one.kind),
    one.rank === 0 ? "–" : count(one.rank),
    `${features(one.inFeatures)} → ${features(one.outFeatures)}`,
    number(one.scale),
    one.dtype.toUpperCase(),
    el("span", { class: "norm" }, el("span", { class: "value" }, number(one.norm)), track),
  ];
}

class Panel {
  readonly element = el("div", { class: "adapters" });
  private readonly adapters = new Adapters();
  private readonly bar = el("progress", { "aria-label": "Layers read" });
  private readonly state = el("p", { class: "quiet", role: "status" });
  private readonly buttons = el("div", { class: "row" });
  private readonly choice = el("input", { type: "range", id: "layer", min: "0", value: "0" });
  private readonly chosen = el("output", { for: "layer" });
  private readonly picker = el(
    "div",
    { class: "layer-picker", hidden: "" },
    el("label", { for: "layer" }, "Look at one"),
    this.choice,
    this.chosen,
  );
  private readonly modules = el("div");
  private readonly all = el("div");
  private readonly chart: AdapterChart;

  constructor(
    private readonly total: number,
    onPick: (index: number) => void = (index) => {
      this.choice.value = String(index);
      this.showChosen();
    },
  ) {
    this.chart = new AdapterChart(this.adapters, total, onPick);
    this.bar.max = total;
    this.choice.addEventListener("input", () => {
      this.showChosen();
    });
    const top = el("div", { class: "row spread" }, this.state, this.buttons);
    const parts = [top, this.bar, this.chart.element, this.picker, this.modules, this.all];
    this.element.append(...parts);
    this.chart.describe("No layer read yet");
  }

  get read(): number {
    return this.adapters.columns.length;
  }

  begin(cancel: () => void): void {
    this.state.textContent = "Reading the layers …";
    this.bar.hidden = false;
    this.bar.value = this.read;
    this.buttons.replaceChildren(button("Cancel", cancel, { class: "small" }));
  }

  add(layer: AdapterSummary): void {
    this.chart.grow(this.adapters.add(layer));
    this.bar.value = this.read;
    this.choice.max = String(this.read - 1);
    if (this.read === 1) this.showChosen();
  }

  end(readOn: (() => void) | undefined): void {
    const again = button("Read the rest", () => readOn?.(), { class: "small" });
    this.buttons.replaceChildren(...(readOn ? [again] : []));
    this.bar.hidden = true;
    this.state.textContent = readOn
      ? `${count(this.read)} of ${plural(this.total, "layer")} read`
      : `${plural(this.total, "layer")}: ${this.adapters.kinds()}`;
    this.chart.describe(this.summary());
    this.picker.hidden = this.read < 2;
    this.all.replaceChildren(this.table());
  }

  private summary(): string {
    const { columns } = this.adapters;
    const byNorm = [...columns].sort((a, b) => a.norm - b.norm);
    const tell = (column: Column | undefined): string =>
      column ? `${number(column.norm)} (${layerName(column.layer)})` : "none";
    return (
      `Norms of the changes in ${plural(columns.length, "layer")}: ` +
      `from ${tell(byNorm[0])} to ${tell(byNorm.at(-1))}. The table below has every module.`
    );
  }

  private showChosen(): void {
    const index = Number(this.choice.value);
    const column = this.adapters.columns[index];
    if (column === undefined) return;
    const name = layerName(column.layer);
    this.chart.mark(index);
    this.chosen.textContent = name;
    this.choice.setAttribute("aria-valuetext", name);
    const rows = column.modules.map((one) => moduleCells(one, this.adapters.strongest));
    const { scroller, body } = dataTable(`Modules of ${name}`, columns);
    body.append(...rows.map((cells) => el("tr", {}, ...cells.map((cell) => el("td", {}, cell)))));
    const title = `${name} · norm ${number(column.norm)}`;
    this.modules.replaceChildren(el("h3", {}, title), scroller);
  }

  private table(): HTMLElement {
    const rows = this.adapters.rows();
    const { scroller, body } = dataTable("All modules", ["Layer", ...columns]);
    const pages = paged(body, 50);
    const { strongest } = this.adapters;
    return unfolded(`All modules (${count(rows.length)})`, [scroller, pages.more], () => {
      pages.show(rows, ([{ layer }, one]) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, layer === null ? "–" : String(layer)),
          ...moduleCells(one, strongest).map((cell) => el("td", {}, cell)),
        ),
      );
    });
  }
}

/** The layers in order, then what lies outside them. */
function layersOf({ description, sections }: Expert): (number | null)[] {
  const outside = sections.some(({ type, layer }) => type === "params" && layer === null);
  return outside ? [...description.layers, null] : description.layers;
}

/** Reads on from where an earlier reading ended. */
async function readInto(panel: Panel, expert: Expert, signal: AbortSignal): Promise<void> {
  const layers = layersOf(expert);
  while (panel.read < layers.length) {
    const [next = null, ...later] = layers.slice(panel.read, panel.read + 1 + readAhead);
    const reading = expert.summary(next, { signal });
    expert.prefetch(later, { signal }).catch(() => undefined); // told when its turn comes
    panel.add(await reading);
  }
}

/** What is damaged is told to `onDamage`; the caller takes everything away then. */
export function adaptersPanel(
  expert: Expert,
  signal: AbortSignal,
  onDamage: (error: AndonError) => void,
): HTMLElement {
  const { length } = layersOf(expert);
  if (length === 0) return el("p", { class: "quiet" }, "The expert changes no layer.");
  const panel = new Panel(length);

  async function read(): Promise<void> {
    const cancel = new AbortController();
    const stop = AbortSignal.any([signal, cancel.signal]);
    panel.begin(() => {
      cancel.abort();
    });
    try {
      await readInto(panel, expert, stop);
    } catch (error) {
      if (signal.aborted) return;
      if (!stop.aborted) {
        if (!(error instanceof AndonError)) throw error;
        onDamage(error);
        return;
      }
    }
    const left = panel.read < length;
    panel.end(left ? () => void read() : undefined);
  }
  void read();
  return panel.element;
}
