// Tables that scroll on their own when the page is narrow, and parts that unfold.

import { el } from "../dom.js";

export function dataTable(
  title: string,
  columns: readonly string[],
): { scroller: HTMLElement; body: HTMLElement } {
  const body = el("tbody");
  const head = el("tr", {}, ...columns.map((name) => el("th", { scope: "col" }, name)));
  const scroller = el(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": title },
    el("table", {}, el("thead", {}, head), body),
  );
  return { scroller, body };
}

/** A part behind a summary; `fill` runs when it is first opened. */
export function unfolded(title: string, content: HTMLElement[], fill: () => void): HTMLElement {
  const details = el("details", {}, el("summary", {}, title), ...content);
  details.addEventListener("toggle", fill, { once: true });
  return details;
}
