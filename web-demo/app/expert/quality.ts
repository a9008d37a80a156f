// How well the expert does by its maker's account, and what it does badly.

import type { ExpertDescription } from "../andon.js";
import { el } from "../dom.js";
import { label, passage } from "../foreign.js";
import { number } from "../format.js";
import { paged } from "../paged.js";
import { flattened } from "./claims.js";

const atOnce = 20;

function metricRow([path, value]: [string, string]): HTMLElement {
  const name = el("span", { class: "name" }, label(path.replaceAll("_", " ")));
  const amount = value.trim() === "" ? NaN : Number(value);
  if (Number.isNaN(amount))
    return el("li", { class: "metric" }, name, el("span", { class: "words" }, passage(value)));
  const track = el("span", { class: "track", "aria-hidden": "true" });
  if (amount >= 0 && amount <= 1) {
    const fill = el("span", { class: "fill plus" });
    fill.style.setProperty("--from", "0");
    fill.style.setProperty("--size", String(amount));
    track.append(fill);
  } else track.classList.add("bare"); // not a share of anything
  return el("li", { class: "metric" }, name, track, el("span", { class: "value" }, number(amount)));
}

/** `stated` is the manifest's summary, `measured` the section of metrics. */
export function metricsList(stated: unknown, measured: unknown): HTMLElement[] {
  const entries = new Map([...flattened(stated ?? {}), ...flattened(measured ?? {})]);
  if (entries.size === 0) return [el("p", { class: "quiet" }, "The file states no metrics.")];
  const list = el("ul", { role: "list", class: "metrics" });
  const pages = paged(list, atOnce);
  pages.show([...entries], metricRow);
  return [list, pages.more];
}

type Limitation = NonNullable<ExpertDescription["manifest"]["limitations"]>[number];

function limitationItem({ pattern, description, example, workaround }: Limitation): HTMLElement {
  const title = pattern ? [el("strong", {}, label(pattern.replaceAll("_", " ")))] : [];
  const note = (name: string, text: string | undefined): HTMLElement[] =>
    text ? [el("p", { class: "quiet" }, `${name}: `, passage(text))] : [];
  return el(
    "li",
    {},
    ...title,
    el("p", {}, passage(description)),
    ...note("For example", example),
    ...note("Instead", workaround),
  );
}

export function limitationsList(known: readonly Limitation[] = []): HTMLElement[] {
  if (known.length === 0) return [el("p", { class: "quiet" }, "The file states no limitations.")];
  const list = el("ul", { role: "list", class: "limitations" });
  const pages = paged(list, atOnce);
  pages.show(known, limitationItem);
  return [list, pages.more];
}
