// Elements are made here and nowhere else: text enters as text nodes, attributes are from a closed
// list without handlers, styles or addresses, so nothing that a file says can become markup.

type Child = Node | string;

interface Attributes {
  class?: string;
  id?: string;
  for?: string;
  type?:
    | "button"
    | "text"
    | "file"
    | "checkbox"
    | "search"
    | "number"
    | "radio"
    | "range"
    | "datetime-local";
  name?: string;
  value?: string;
  role?: "status" | "alert" | "img" | "region" | "group" | "list" | "switch";
  inputmode?: "decimal" | "numeric";
  autocomplete?: "off";
  scope?: "col" | "row";
  download?: string;
  tabindex?: "0" | "-1";
  min?: string;
  max?: string;
  datetime?: string;
  dir?: "auto" | "ltr";
  hidden?: "";
  [aria: `aria-${string}`]: string;
  [data: `data-${string}`]: string;
}

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes as Record<string, string>))
    element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function byId<T extends HTMLElement>(id: string, kind: abstract new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return element;
}

export function button(label: string, onPress: () => void, attributes: Attributes = {}) {
  const element = el("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", onPress);
  return element;
}

/** Moves the keyboard to what has just appeared, so that it is read and seen first. */
export function focusOn(element: HTMLElement): void {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}
