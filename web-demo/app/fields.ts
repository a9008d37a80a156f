// One input of the form, as its feature's type asks for.

import type { Feature } from "./andon.js";
import { button, el } from "./dom.js";
import { label } from "./foreign.js";
import { parseValue, type Parsed, type Value } from "./values.js";

type Report = (parsed: Parsed) => void;

const hints: Record<Feature["type"], string> = {
  float32: "",
  float64: "",
  int32: "whole number",
  int64: "whole number",
  bool: "",
  string: "text",
};

function clearButton(name: string, clear: () => void): HTMLElement {
  return button("Clear", clear, { class: "small", "aria-label": `Clear ${name}` });
}

function flag(feature: Feature, id: string, start: Value, report: Report): HTMLElement {
  const input = el("input", { type: "checkbox", id });
  const set = (value: Value): void => {
    input.checked = value === true;
    input.indeterminate = value === null;
  };
  set(start);
  input.addEventListener("change", () => {
    report({ ok: true, value: input.checked });
  });
  const name = el("label", { for: id }, label(feature.name));
  const clear = clearButton(name.textContent, () => {
    set(null);
    report({ ok: true, value: null });
  });
  return el("div", { class: "field flag" }, input, name, ...(feature.nullable ? [clear] : []));
}

function written(value: Value): string {
  return value === null ? "" : String(value);
}

function text(feature: Feature, id: string, start: Value, report: Report): HTMLElement {
  const hint = [hints[feature.type], feature.nullable ? "may be empty" : ""].filter(Boolean);
  const problem = el("p", { class: "problem", id: `${id}-problem` });
  const input = el("input", {
    type: "text",
    id,
    inputmode: feature.type.startsWith("int") ? "numeric" : "decimal",
    autocomplete: "off",
    "aria-describedby": problem.id,
  });
  input.value = written(start);
  const read = (): void => {
    const parsed = parseValue(input.value, feature);
    input.setAttribute("aria-invalid", String(!parsed.ok));
    problem.textContent = parsed.ok ? "" : `This ${parsed.problem}.`;
    report(parsed);
  };
  input.addEventListener("input", read);
  const name = el("label", { for: id }, label(feature.name));
  if (hint.length > 0) name.append(el("span", { class: "quiet" }, ` (${hint.join(", ")})`));
  const clear = clearButton(label(feature.name).textContent, () => {
    input.value = "";
    read();
    input.focus();
  });
  const line = el("div", { class: "line" }, input, ...(feature.nullable ? [clear] : []));
  return el("div", { class: "field" }, name, line, problem);
}

export function field(feature: Feature, id: string, start: Value, report: Report): HTMLElement {
  return (feature.type === "bool" ? flag : text)(feature, id, start, report);
}
