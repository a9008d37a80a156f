// Text that comes out of a file. It may hold anything: markup, characters that reorder their
// surroundings, a megabyte of one letter. It is shown isolated, with its controls made visible,
// and at first only its beginning.

import { button, el } from "./dom.js";

const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\u115f\u1160\u3164\uffa0]/gu;

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code); // Unicode's control pictures
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** The text with every character that cannot be seen replaced by one that can. */
export function visible(text: string): string {
  return text.replace(invisible, picture);
}

function cut(text: string, length: number): string {
  const half = /[\ud800-\udbff]$/; // never end between the two halves of a character
  return text.slice(0, length).replace(half, "");
}

/** One line's worth, for labels and headings. */
export function short(text: string, length = 80): string {
  return text.length <= length ? visible(text) : `${visible(cut(text, length))}…`;
}

export function label(text: string, length?: number): HTMLElement {
  return el("bdi", { class: "foreign" }, text === "" ? "(empty)" : short(text, length));
}

const firstPart = 160;
const nextPart = 10_000;

/** The beginning, with a button for more where there is more. */
export function passage(text: string, length = firstPart): HTMLElement {
  const shown = label(text, length);
  if (text.length <= length) return shown;
  let end = 0;
  const amount = text.length.toLocaleString("en");
  const more = button(`Show more of ${amount} characters`, () => {
    end += nextPart;
    shown.textContent = visible(cut(text, end));
    shown.classList.add("long");
    more.hidden = end >= text.length;
  });
  more.classList.add("small");
  return el("span", {}, shown, " ", more);
}

/** `kept`, in a group, matches what stays as it is. */
function visibleBut(kept: RegExp, text: string): string {
  const parts = text.split(kept); // what lies between, and every second time the separator
  return parts.map((part, index) => (index % 2 === 1 ? part : visible(part))).join("");
}

const visibleLines = (text: string): string => visibleBut(/([\n\t])/, text);

/** What is read rather than examined: joiners stay as well, as scripts and emoji are written with them. */
export const prose = (text: string): string => visibleBut(/([\n\t\u200c\u200d])/, text);

/** A text of many lines as it is written, its first part at once and the rest on request. */
export function lines(title: string, text: string): HTMLElement {
  const written = text.replaceAll("\r\n", "\n");
  const box = el("pre", { class: "foreign", tabindex: "0", role: "region", "aria-label": title });
  let end = 0;
  const show = (): void => {
    end += nextPart;
    box.textContent = visibleLines(cut(written, end));
    more.hidden = end >= written.length;
  };
  const amount = written.length.toLocaleString("en");
  const more = button(`Show more of ${amount} characters`, show, { class: "small" });
  show();
  return el("div", {}, box, more);
}
