// A list that shows some of its items and makes the next ones when asked, so that 65,536 of them
// cost no more than a handful.

import { button } from "./dom.js";
import { count } from "./format.js";

export interface Paged {
  more: HTMLElement; // the button, to be placed after the list
  show<T>(items: ArrayLike<T>, render: (item: T) => HTMLElement): void;
}

export function paged(list: HTMLElement, page: number): Paged {
  let more: (() => void) | undefined;
  const next = button("", () => more?.(), { class: "small" });

  function show<T>(items: ArrayLike<T>, render: (item: T) => HTMLElement): void {
    let shown = 0;
    list.replaceChildren();
    const append = (): HTMLElement | undefined => {
      const end = Math.min(items.length, shown + page);
      const added = Array.from({ length: end - shown }, (_, i) => render(items[shown + i] as T));
      list.append(...added);
      shown = end;
      next.hidden = shown === items.length;
      next.textContent = `Show more (${count(shown)} of ${count(items.length)})`;
      return added[0];
    };
    more = () => {
      const first = append();
      (first?.querySelector<HTMLElement>("input") ?? next).focus();
    };
    append();
  }
  return { more: next, show };
}
