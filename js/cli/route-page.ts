// The choice of an expert, for people.

import { type Candidate, type Route, type RouteScores, routeWeights } from "../index.js";
import type { Style } from "./terminal.js";
import { align, shown } from "./text.js";

export function routePage(route: Route, verbose: boolean, style: Style): string {
  const chosen = style.bold(route.expert === null ? "the base model" : shown(route.expert));
  return [
    `${chosen}, confidence ${route.confidence.toFixed(2)}`,
    `  ${style.dim(shown(route.reason))}`,
    ...candidateLines(route.candidates, verbose, style),
  ].join("\n");
}

function candidateLines(list: readonly Candidate[], verbose: boolean, style: Style): string[] {
  const heads = align(list.map((candidate) => head(candidate, style)));
  return list.flatMap((candidate, i) => [
    `  ${heads[i] ?? ""}`.trimEnd(), // what has no words ends before them
    ...(verbose ? scoreLines(candidate, style) : []),
  ]);
}

function head({ name, version, confidence, matched, excluded }: Candidate, style: Style): string[] {
  const words = [...matched.keywords.map((keyword) => `"${keyword}"`), ...matched.capabilities];
  return [
    shown(name),
    shown(version),
    confidence.toFixed(2),
    excluded === null
      ? style.dim(shown(words.join(", ")))
      : style.yellow(`excluded: ${shown(excluded)}`),
  ];
}

/** A line for each score, and what it counts. */
function scoreLines({ scores, matched }: Candidate, style: Style): string[] {
  const rows = (Object.keys(scores) as (keyof RouteScores)[]).map((name) => [
    name,
    scores[name].toFixed(3),
    `x ${routeWeights[name]}`,
    `= ${(scores[name] * routeWeights[name]).toFixed(2)}`,
  ]);
  const hint = matched.hint === null ? [] : [["hint holds", shown(matched.hint)]];
  return align([...rows, ...hint]).map((line) => style.dim(`      ${line}`));
}
