// What a question and an expert have in common, as scores and as words.

import { middlePriority, type ExpertFacts } from "./facts.js";
import type { Hint } from "./hint.js";
import { confidenceOf, type RouteScores } from "./route-weights.js";

export interface Candidate {
  name: string;
  version: string;
  /** The probability that it is the right one, from 0 to 1; 0 where it is excluded. */
  confidence: number;
  scores: RouteScores;
  /** Words and phrases of its manifest that the query has. */
  matched: { keywords: string[]; capabilities: string[]; hint: string | null };
  /** The exclusion that the query has, or what it lacks; `null`: it may be chosen. */
  excluded: string | null;
}

/** A phrase of an expert that was found in a query. */
export interface Found {
  kind: "keyword" | "exclusion" | "capability" | "fact";
  /** As its manifest has it. */
  text: string;
  /** What it says: that of a telling word that no other expert has is 1. */
  weight: number;
  /** Words that say something. */
  words: number;
}

export interface Embedding {
  space: string;
  vector: Float32Array;
}

export interface KnownExpert {
  facts: ExpertFacts;
  hint: Hint | undefined;
  capabilities: ReadonlySet<string>;
  priority: number;
  embeddings: readonly Embedding[];
}

export interface Query {
  words: readonly string[];
  /** How many of them say something. */
  telling: number;
  /** Capabilities that are asked for, folded. */
  asked: readonly string[];
  /** `places`: where the vector is not zero. */
  embeddings: readonly (Embedding & { places: readonly number[] })[];
}

/** An expert is only told of with words where it is among the best. */
export interface Judged {
  expert: KnownExpert;
  found: readonly Found[];
  scores: RouteScores;
  confidence: number;
  excluded: string | null;
}

export function judge(expert: KnownExpert, found: readonly Found[], query: Query): Judged {
  let [weight, words, capabilities] = [0, 0, 0];
  for (const label of found) {
    if (label.kind === "capability") capabilities += 1;
    if (label.kind !== "keyword") continue;
    weight += label.weight;
    words += label.words;
  }
  for (const asked of query.asked) if (expert.capabilities.has(asked)) capabilities += 1;
  const scores: RouteScores = {
    keywords: 1 - Math.exp(-weight), // the first match says most; 1 is never reached
    coverage: query.telling === 0 ? 0 : Math.min(1, words / query.telling),
    capabilities: 1 - 0.5 ** capabilities,
    hint: hintHolds(expert, found, query) ? 1 : 0,
    similarity: similarity(expert, query),
    priority: expert.priority - middlePriority,
  };
  const excluded = exclusion(expert, found, query);
  const confidence = excluded === null ? confidenceOf(scores) : 0;
  return { expert, found, scores, confidence, excluded };
}

export function candidateOf(
  { expert, found, scores, confidence, excluded }: Judged,
  { asked }: Query,
): Candidate {
  const texts = (wanted: Found["kind"]): string[] =>
    found.filter(({ kind }) => kind === wanted).map(({ text }) => text);
  const { name, version, manifest } = expert.facts;
  const fulfilled = asked.filter((each) => expert.capabilities.has(each));
  return {
    ...{ name, version, confidence, scores, excluded },
    matched: {
      keywords: texts("keyword"),
      capabilities: [...new Set([...texts("capability"), ...fulfilled])],
      hint: scores.hint === 0 ? null : (manifest.routing?.router_hint ?? null),
    },
  };
}

function exclusion(expert: KnownExpert, found: readonly Found[], query: Query): string | null {
  const said = found.find(({ kind }) => kind === "exclusion");
  if (said !== undefined) return said.text;
  const missing = query.asked.find((asked) => !expert.capabilities.has(asked));
  return missing === undefined ? null : `not ${missing}`;
}

/** A fact holds where it is asked for, or its value stands in the query. */
function hintHolds({ hint }: KnownExpert, found: readonly Found[], { asked }: Query): boolean {
  if (hint === undefined) return false;
  return hint(
    ({ name, value }) =>
      found.some(({ kind, text }) => kind === "fact" && text === value) ||
      asked.includes(`${name}:${value}`),
  );
}

/** The cosine of the nearest pair in one space; 0 where there is none. */
function similarity({ embeddings }: KnownExpert, query: Query): number {
  let nearest = -Infinity;
  for (const { space, vector } of embeddings) {
    for (const other of query.embeddings) {
      if (other.space !== space || other.vector.length !== vector.length) continue;
      let cosine = 0;
      for (const i of other.places) cosine += (vector[i] as number) * (other.vector[i] as number);
      nearest = Math.max(nearest, cosine);
    }
  }
  return nearest === -Infinity ? 0 : nearest;
}
