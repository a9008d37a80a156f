// The layers as columns, their modules as a field of cells beneath: the stronger a module changes
// its weight, the fuller its cell. A picture; the table beside it says the same in words.

import { el } from "../dom.js";
import type { Adapters, Column } from "./adapter-data.js";

const mostColumns = 256; // more would be thinner than a pixel; the table has them all

export class AdapterChart {
  readonly element = el("div", { class: "layers", role: "img" });
  private readonly bars = el("div", { class: "layer-bars" });
  private readonly cells = el("div", { class: "layer-cells" });
  private readonly rows = new Map<string, HTMLElement>(); // by target

  constructor(
    private readonly adapters: Adapters,
    layers: number,
    private readonly onPick: (index: number) => void,
  ) {
    this.element.append(this.bars, this.cells);
    this.element.style.setProperty("--count", String(Math.min(layers, mostColumns)));
    this.element.addEventListener("click", (event) => {
      this.pick(event);
    });
  }

  /** Draws the column that was added last. */
  grow(column: Column): void {
    const index = this.adapters.columns.length - 1;
    if (index >= mostColumns) return;
    this.bars.append(this.part("layer-bar", "--norm", column.norm));
    for (const { target, norm } of column.modules) {
      const cell = this.part("layer-cell", "--norm", norm);
      cell.style.gridColumn = String(index + 2); // the first holds the names
      this.row(target).append(cell);
    }
    // One number each rescales all that is drawn already.
    this.element.style.setProperty("--highest", String(this.adapters.highest || 1));
    this.element.style.setProperty("--strongest", String(this.adapters.strongest || 1));
  }

  describe(text: string): void {
    this.element.setAttribute("aria-label", text);
  }

  mark(index: number): void {
    this.element.style.setProperty("--chosen", String(index));
  }

  private part(kind: string, name: string, value: number): HTMLElement {
    const part = el("span", { class: kind });
    part.style.setProperty(name, String(value));
    return part;
  }

  private row(target: string): HTMLElement {
    const known = this.rows.get(target);
    if (known) return known;
    const row = el("div", { class: "layer-row" }, el("span", { class: "layer-name" }, target));
    this.rows.set(target, row);
    const inOrder = this.adapters.targets().flatMap((name) => this.rows.get(name) ?? []);
    this.cells.replaceChildren(...inOrder);
    return row;
  }

  private pick({ clientX }: MouseEvent): void {
    const { left, width } = this.bars.getBoundingClientRect();
    const share = (clientX - left) / width;
    const count = Math.min(this.adapters.columns.length, mostColumns);
    const drawn = Number(this.element.style.getPropertyValue("--count"));
    const index = Math.floor(share * drawn);
    if (index >= 0 && index < count) this.onPick(index);
  }
}
