// A card of the assistant: its base, or one of its experts.

import { el } from "../dom.js";
import { label } from "../foreign.js";
import { bytes, plural } from "../format.js";
import type { LanguageModel } from "../andon.js";
import { hashOf } from "../verdict.js";
import { accepted, type Words } from "../verdict-words.js";

const marks = { good: "✓", caution: "!", stop: "✕" } as const;

interface Member {
  title: (Node | string)[];
  tone: Words["tone"];
  lines: HTMLElement[];
}

let members = 0; // names come from files, and are no identifiers

export function memberCard({ title, tone, lines }: Member): HTMLElement {
  const heading = el("h3", { id: `member-${++members}` }, ...title);
  const lamp = el("span", { class: "lamp", "aria-hidden": "true" }, marks[tone]);
  const head = el("div", { class: "member-head" }, lamp, heading);
  return el("li", { class: "member", "data-tone": tone }, head, ...lines);
}

export const found = (text: string): HTMLElement => el("p", { class: "found" }, text);

export const quiet = (...content: (Node | string)[]): HTMLElement =>
  el("p", { class: "quiet" }, ...content);

/** `required`: whether its hash is one that somebody stated. */
export function baseCard(model: LanguageModel, required: boolean): HTMLElement {
  const { name, weightBytes, layers } = model.description;
  const [hash, value] = hashOf(model.description);
  const words = accepted(model.verdict, "language-model", required ? "as required" : "hashed");
  const size = `${plural(layers, "layer")}, ${bytes(weightBytes)} of weights`;
  return memberCard({
    title: ["Base: ", label(name ?? "without a name", 48)],
    tone: words.tone,
    lines: [
      found(required ? "It has the SHA-256 stated for it" : words.headline),
      quiet(`Such files carry no signature. ${hash} `, el("code", {}, label(value, 12))),
      quiet(size),
    ],
  });
}
