// Which expert a question is for, and why.

import type { Candidate, Routing } from "../andon.js";
import { el } from "../dom.js";
import { label, passage } from "../foreign.js";
import { percent } from "../format.js";

function tags(words: readonly string[]): HTMLElement {
  return el(
    "ul",
    { role: "list", class: "tags" },
    ...words.map((word) => el("li", {}, label(word))),
  );
}

function others(candidates: readonly Candidate[]): HTMLElement {
  const rows = candidates.map(({ name, confidence, excluded }) => {
    const why = excluded === null ? "" : ": excluded by ";
    return el(
      "li",
      {},
      label(name, 48),
      ` ${percent(confidence)}${why}`,
      ...(why ? [label(excluded ?? "")] : []),
    );
  });
  return el("ul", { role: "list", class: "candidates quiet" }, ...rows);
}

function chosenWords({ name, confidence, matched, scores }: Candidate): HTMLElement[] {
  const words = [...matched.keywords, ...matched.capabilities];
  const similar = percent(Math.max(0, scores.similarity));
  const also = `Similarity to what it says of itself: ${similar}`;
  return [
    el("p", {}, "For ", el("strong", {}, label(name, 48)), `: confidence ${percent(confidence)}`),
    ...(words.length > 0 ? [el("p", { class: "quiet" }, "Matched words"), tags(words)] : []),
    el("p", { class: "quiet" }, also),
  ];
}

/** `[]` where nobody routed: the user named who answers. */
export function routeWords({ route }: Routing): HTMLElement[] {
  if (route === undefined) return [];
  const { expert, confidence, reason, candidates } = route;
  const chosen = candidates.find(({ name }) => name === expert);
  const base = [
    el("p", {}, "For ", el("strong", {}, "the base"), `: confidence ${percent(confidence)}`),
    el("p", { class: "quiet" }, passage(reason, 300)),
  ];
  const words = chosen ? chosenWords(chosen) : base;
  return [...words, others(candidates.filter((candidate) => candidate !== chosen))];
}
