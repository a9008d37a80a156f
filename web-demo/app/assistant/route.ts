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

/** `[]` where nobody routed: the user named who answers. */
export function routeWords({ route }: Routing): HTMLElement[] {
  if (route === undefined) return [];
  const { expert, confidence, reason, candidates } = route;
  const chosen = candidates.find(({ name }) => name === expert);
  const who = expert === null ? "the base, no expert" : label(expert, 48);
  const matched = chosen ? [...chosen.matched.keywords, ...chosen.matched.capabilities] : [];
  return [
    el("p", {}, "For ", el("strong", {}, who), `, with a confidence of ${percent(confidence)}`),
    ...(matched.length > 0 ? [tags(matched)] : []),
    el("p", { class: "quiet" }, passage(reason, 300)),
    others(candidates.filter((candidate) => candidate !== chosen)),
  ];
}
