// A form made from the input schema, which predicts as one types.

import type { Feature, Model } from "./andon.js";
import { byId, el } from "./dom.js";
import { field } from "./fields.js";
import { short } from "./foreign.js";
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

/** Answers arrive in the order asked, and only the latest is shown. */
function predictor(model: Model, row: Value[]): () => void {
  let asked = 0;
  return () => {
    const mine = ++asked;
    model.predict(row).then(
      (result) => {
        if (mine === asked) showPrediction(model.description, result);
      },
      (error: unknown) => {
        if (mine === asked) showNothing(error instanceof Error ? error.message : String(error));
      },
    );
  };
}

function searchBox(onChange: (wanted: string) => void): HTMLElement {
  const input = el("input", { type: "search", id: "form-search", autocomplete: "off" });
  input.addEventListener("input", () => onChange(input.value.trim().toLowerCase()));
  const title = el("label", { for: "form-search" }, "Find a feature");
  return el("div", { class: "row controls" }, title, input);
}

export function showForm(model: Model, sample: readonly Value[] | undefined): void {
  const { features } = model.description;
  const row = features.map((feature, index) => sample?.[index] ?? firstValue(feature));
  const wrong = new Set<number>();
  const predict = predictor(model, row);

  function report(index: number, parsed: Parsed): void {
    if (!parsed.ok) {
      wrong.add(index);
    } else {
      wrong.delete(index);
      row[index] = parsed.value;
    }
    const [first] = wrong;
    if (first === undefined) return predict();
    const others = wrong.size > 1 ? `, and ${plural(wrong.size - 1, "other")}` : "";
    showNothing(`No prediction yet: look at ${short(features[first]?.name ?? "", 40)}${others}.`);
  }

  const list = el("div", { class: "fields" });
  const pages = paged(list, fieldsAtOnce);
  const show = (indices: number[]): void =>
    pages.show(indices, (index) =>
      field(features[index] as Feature, `feature-${index}`, row[index] ?? null, (parsed) =>
        report(index, parsed),
      ),
    );
  const every = Array.from(features.keys());
  const find = (wanted: string): void =>
    show(every.filter((index) => features[index]?.name.toLowerCase().includes(wanted)));

  const form = byId("form", HTMLFormElement);
  form.replaceChildren(
    ...(features.length > searchFrom ? [searchBox(find)] : []),
    list,
    pages.more,
  );
  show(every);
  predict();
}
