// A scrolling list of equally high rows of which only those in sight exist.

import { el } from "./dom.js";

const spare = 4; // rows kept above and below those in sight

/** `rows` must all be as high as the first one. */
export function virtualList(
  title: string,
  length: number,
  row: (index: number) => HTMLElement,
): HTMLElement {
  const list = el("ol", { class: "rows", role: "list" });
  const frame = el(
    "div",
    { class: "scroller rows-frame", tabindex: "0", role: "region", "aria-label": title },
    list,
  );
  let height = 0;
  let shown = { first: -1, end: -1 };

  function place(index: number): HTMLElement {
    const item = row(index);
    item.setAttribute("aria-setsize", String(length));
    item.setAttribute("aria-posinset", String(index + 1));
    item.style.transform = `translateY(${index * height}px)`;
    return item;
  }
  function update(): void {
    const first = Math.max(0, Math.floor(frame.scrollTop / height) - spare);
    const end = Math.min(
      length,
      Math.ceil((frame.scrollTop + frame.clientHeight) / height) + spare,
    );
    if (first === shown.first && end === shown.end) return;
    shown = { first, end };
    list.replaceChildren(...Array.from({ length: end - first }, (_, i) => place(first + i)));
  }
  function measure(): void {
    list.replaceChildren(row(0));
    height = list.firstElementChild?.getBoundingClientRect().height ?? 0;
    if (height === 0) return; // not in the page yet
    list.style.height = `${height * length}px`;
    shown = { first: -1, end: -1 };
    update();
  }
  frame.addEventListener("scroll", update, { passive: true });
  new ResizeObserver(measure).observe(frame); // fires once on its own when the frame appears
  return frame;
}
