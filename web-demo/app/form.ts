// A form made from the input schema, which predicts as one types.

import { AndonError, type Feature, type Model } from "./andon.js";
import { byId, el } from "./dom.js";
import { field } from "./fields.js";
import { short, visible } from "./foreign.js";
import { plural } from "./format.js";
import { showNothing, showPrediction } from "./outcome.js";
import { paged } from "./paged.js";
import type { Parsed, Value } from "./values.js";

const fieldsAtOnce = 24;
const searchFrom = 12; // features; a shorter form is read at a glance

function firstValue({ type, nullable }: Feature): Value {
  if (nullable) return null;
  return type === "bool" ? false : 0;
}

/** The values in the form, and the prediction for them. */
class Row {
  readonly values: Value[];
  private readonly wrong = new Set<number>(); // features whose field holds no value
  private asked = 0;

  constructor(
    private readonly model: Model,
    sample: readonly Value[] | undefined,
  ) {
    const { features } = model.description;
    this.values = features.map((feature, index) => sample?.[index] ?? firstValue(feature));
  }

  set(index: number, parsed: Parsed): void {
    if (parsed.ok) {
      this.wrong.delete(index);
      this.values[index] = parsed.value;
    } else {
      this.wrong.add(index);
    }
    this.answer();
  }

  /** Fields that held no value are shown afresh, with the last value they had. */
  forgetMistakes(): void {
    this.wrong.clear();
    this.answer();
  }

  answer(): void {
    const [first] = this.wrong;
    if (first === undefined) {
      void this.predict();
      return;
    }
    this.asked++;
    const name = short(this.model.description.features[first]?.name ?? "", 40);
    const others = this.wrong.size > 1 ? `, and ${plural(this.wrong.size - 1, "other")}` : "";
    showNothing(`No prediction yet: look at ${name}${others}.`);
  }

  private async predict(): Promise<void> {
    const mine = ++this.asked; // only the answer to the latest question is shown
    try {
      const result = await this.model.predict(this.values);
      if (mine === this.asked) showPrediction(this.model.description, result);
    } catch (error) {
      if (!(error instanceof AndonError)) throw error;
      if (mine === this.asked) showNothing(visible(error.message));
    }
  }
}

function searchBox(onChange: (wanted: string) => void): HTMLElement {
  const input = el("input", { type: "search", id: "form-search", autocomplete: "off" });
  input.addEventListener("input", () => {
    onChange(input.value.trim().toLowerCase());
  });
  const title = el("label", { for: "form-search" }, "Find a feature");
  return el("div", { class: "row controls" }, title, input);
}

export function showForm(model: Model, sample: readonly Value[] | undefined): void {
  const row = new Row(model, sample);
  const entries = model.description.features.map((feature, index) => ({ feature, index }));
  const list = el("div", { class: "fields" });
  const pages = paged(list, fieldsAtOnce);
  const show = (found: typeof entries): void =>
    pages.show(found, ({ feature, index }) =>
      field(feature, `feature-${index}`, row.values[index] ?? null, (parsed) =>
        row.set(index, parsed),
      ),
    );
  const find = (wanted: string): void => {
    row.forgetMistakes();
    show(entries.filter(({ feature }) => feature.name.toLowerCase().includes(wanted)));
  };
  const search = entries.length > searchFrom ? [searchBox(find)] : [];
  byId("form", HTMLFormElement).replaceChildren(...search, list, pages.more);
  show(entries);
  row.answer();
}
