// Which expert a question is for, and why. docs/ROUTING.md describes the scores.

import { confidenceOf, type RouteScores } from "./route-weights.js";
import { middlePriority, priorityOf, type ExpertFacts } from "./facts.js";
import { embedWords, hashedSpace } from "./features.js";
import { factOf, parseHint, type Fact, type Hint } from "./hint.js";
import { Phrases } from "./phrases.js";
import { unit, vectorOf } from "./router-section.js";
import { fold, saysLittle, wordsOf } from "./words.js";

/** A question says what it is about within so many characters. */
const longestQuery = 4096;
/** Beside that of a telling word, 1. */
const littleWeight = 0.25;

export interface RouteOptions {
  /** Candidates to tell. Default: 3. */
  k?: number;
  /** The confidence from which on an expert is chosen instead of the base model. Default: 0.5. */
  threshold?: number;
  /** Only experts that have all of these: "task:text2sql". */
  capabilities?: readonly string[];
  /** The query in another space than "andon-hash-1": for packages that bring embeddings of that space. */
  embedding?: { space: string; vector: Float32Array };
}

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

export interface Route {
  /** The expert to use; `null`: the base model. */
  expert: string | null;
  /** In this choice. Of the base model: that none of the experts is right. */
  confidence: number;
  /** A sentence for people. */
  reason: string;
  /** The best first. */
  candidates: Candidate[];
}

interface Label {
  expert: number;
  kind: "keyword" | "exclusion" | "capability" | "fact";
  /** As its manifest has it. */
  text: string;
  weight: number;
  words: number;
}

interface Known {
  facts: ExpertFacts;
  hint: Hint | undefined;
  capabilities: ReadonlySet<string>;
  priority: number;
  embeddings: { space: string; vector: Float32Array }[];
}

interface Query {
  words: readonly string[];
  /** How many of them say something. */
  telling: number;
  asked: readonly string[];
  embeddings: readonly { space: string; vector: Float32Array; places: readonly number[] }[];
}

/** Made once for its experts; then a query takes some microseconds. */
export class Router {
  readonly #experts: Known[];
  readonly #phrases = new Phrases<Label>();

  constructor(experts: readonly ExpertFacts[]) {
    const rarity = rarityOf(experts.map(keywordsOf));
    this.#experts = experts.map((facts, expert) => {
      this.#addKeywords(facts, expert, rarity);
      this.#addCapabilities(facts, expert);
      return {
        facts,
        hint: this.#addHint(facts, expert),
        capabilities: new Set((facts.manifest.capabilities ?? []).map(fold)),
        priority: priorityOf(facts.manifest),
        embeddings: embeddingsOf(facts),
      };
    });
  }

  route(text: string, options: RouteOptions = {}): Route {
    const { k = 3, threshold = 0.5 } = options;
    const query = queryOf(text, options);
    const labels = this.#labelsIn(query.words);
    const candidates = this.#experts
      .map((expert, i) => candidateOf(expert, labels[i] ?? [], query))
      .sort((a, b) => b.confidence - a.confidence || (a.name < b.name ? -1 : 1));
    const [best] = candidates;
    const chosen = best !== undefined && best.confidence >= threshold ? best : undefined;
    return {
      expert: chosen?.name ?? null,
      confidence: chosen?.confidence ?? 1 - (best?.confidence ?? 0),
      reason: reasonOf(best, chosen !== undefined, threshold),
      candidates: candidates.slice(0, k),
    };
  }

  /** By expert, each phrase once. */
  #labelsIn(words: readonly string[]): (Label[] | undefined)[] {
    const byExpert: Label[][] = [];
    for (const label of new Set(this.#phrases.find(words))) {
      (byExpert[label.expert] ??= []).push(label);
    }
    return byExpert;
  }

  #add(expert: number, kind: Label["kind"], text: string, value: string, rarity = 1): void {
    const words = wordsOf(value);
    const weights = words.map((word) => (saysLittle(word) ? littleWeight : 1));
    // A phrase says more than a word, but less than its words one by one.
    const weight = rarity * Math.sqrt(weights.reduce((sum, each) => sum + each, 0));
    this.#phrases.add(words, { expert, kind, text, weight, words: telling(words) });
  }

  #addKeywords(facts: ExpertFacts, expert: number, rarity: (keyword: string) => number): void {
    for (const keyword of keywordsOf(facts)) {
      this.#add(expert, "keyword", keyword, keyword, rarity(keyword));
    }
    for (const exclusion of facts.manifest.routing?.exclude_keywords ?? []) {
      this.#add(expert, "exclusion", exclusion, exclusion);
    }
  }

  /** "language:en" is in every English text and in none: it describes, and cannot be looked for. */
  #addCapabilities({ manifest }: ExpertFacts, expert: number): void {
    for (const capability of manifest.capabilities ?? []) {
      const { name, value } = factOf(capability);
      if (name !== "language") this.#add(expert, "capability", capability, value);
    }
  }

  #addHint({ manifest }: ExpertFacts, expert: number): Hint | undefined {
    return parseHint(manifest.routing?.router_hint ?? "", (fact) => {
      this.#add(expert, "fact", fold(fact.value), fact.value);
    });
  }
}

function candidateOf(expert: Known, labels: readonly Label[], query: Query): Candidate {
  const { facts, priority } = expert;
  const of = (kind: Label["kind"]): Label[] => labels.filter((label) => label.kind === kind);
  const texts = (kind: Label["kind"]): string[] => of(kind).map(({ text }) => text);
  const asked = query.asked.filter((capability) => expert.capabilities.has(capability));
  const hint = holds(expert.hint, texts("fact"), query.asked);
  const scores: RouteScores = {
    keywords: saturated(of("keyword")),
    coverage: coverage(of("keyword"), query.telling),
    capabilities: 1 - 0.5 ** (of("capability").length + asked.length),
    hint: hint ? 1 : 0,
    similarity: similarity(expert, query),
    priority: priority - middlePriority,
  };
  const missing = query.asked.find((capability) => !expert.capabilities.has(capability));
  const excluded = texts("exclusion")[0] ?? (missing === undefined ? null : `not ${missing}`);
  return {
    name: facts.name,
    version: facts.version,
    confidence: excluded === null ? confidenceOf(scores) : 0,
    scores,
    matched: {
      keywords: texts("keyword"),
      capabilities: [...new Set([...texts("capability"), ...asked])],
      hint: hint ? (facts.manifest.routing?.router_hint ?? null) : null,
    },
    excluded,
  };
}

function queryOf(text: string, { capabilities = [], embedding }: RouteOptions): Query {
  const words = wordsOf(text.slice(0, longestQuery));
  const hashed = { space: hashedSpace, vector: embedWords(words) };
  const given = embedding && { space: embedding.space, vector: unit(embedding.vector) };
  const embeddings = [hashed, ...(given === undefined ? [] : [given])];
  return {
    words,
    telling: telling(words),
    asked: capabilities.map(fold),
    embeddings: embeddings.map((each) => ({ ...each, places: placesOf(each.vector) })),
  };
}

/** A query has few words: most of its dimensions are zero. */
function placesOf(vector: Float32Array): number[] {
  const places: number[] = [];
  vector.forEach((value, i) => {
    if (value !== 0) places.push(i);
  });
  return places;
}

function telling(words: readonly string[]): number {
  return words.filter((word) => !saysLittle(word)).length;
}

/** The first match says most; 1 is never reached. */
function saturated(labels: readonly Label[]): number {
  return 1 - Math.exp(-labels.reduce((sum, { weight }) => sum + weight, 0));
}

function coverage(labels: readonly Label[], words: number): number {
  const covered = labels.reduce((sum, label) => sum + label.words, 0);
  return words === 0 ? 0 : Math.min(1, covered / words);
}

/** A fact holds where its value is asked for, or stands in the query. */
function holds(
  hint: Hint | undefined,
  values: readonly string[],
  asked: readonly string[],
): boolean {
  if (hint === undefined) return false;
  return hint(({ name, value }: Fact) => {
    const folded = fold(value);
    return values.includes(folded) || asked.includes(`${fold(name)}:${folded}`);
  });
}

/** Of the nearest pair in one space. */
function similarity({ embeddings }: Known, query: Query): number {
  let nearest = -1;
  for (const { space, vector } of embeddings) {
    for (const other of query.embeddings) {
      if (other.space !== space || other.vector.length !== vector.length) continue;
      let cosine = 0;
      for (const i of other.places) cosine += (vector[i] as number) * (other.vector[i] as number);
      nearest = Math.max(nearest, cosine);
    }
  }
  return nearest === -1 ? 0 : nearest;
}

/** Those of its package, beside that of its description. */
function embeddingsOf(facts: ExpertFacts): Known["embeddings"] {
  const { description = "", capabilities = [], tags = [] } = facts.manifest;
  const values = capabilities.map((capability) => factOf(capability).value);
  const own = [description, ...keywordsOf(facts), ...values, ...tags].join("\n");
  const brought = facts.router?.embeddings ?? [];
  return [
    { space: hashedSpace, vector: embedWords(wordsOf(own)) },
    ...brought.map((stored) => ({ space: stored.space, vector: vectorOf(stored) })),
  ];
}

function keywordsOf({ manifest, router }: ExpertFacts): string[] {
  return [...new Set([...(manifest.routing?.keywords ?? []), ...(router?.keywords ?? [])])];
}

/** 1 of a keyword that one expert has, less where several do. */
function rarityOf(lists: readonly (readonly string[])[]): (keyword: string) => number {
  const counts = new Map<string, number>();
  for (const keyword of lists.flat())
    counts.set(fold(keyword), (counts.get(fold(keyword)) ?? 0) + 1);
  const most = Math.log(1 + lists.length);
  return (keyword) => Math.log(1 + lists.length / (counts.get(fold(keyword)) ?? 1)) / most;
}

function reasonOf(best: Candidate | undefined, chosen: boolean, threshold: number): string {
  if (best === undefined) return "There are no experts.";
  const { name, matched, scores, excluded } = best;
  if (excluded !== null) return `Every expert is excluded; ${name} by "${excluded}".`;
  const evidence = [
    matched.keywords.length > 0 ? `it has ${matched.keywords.map(quoted).join(", ")}` : "",
    matched.capabilities.length > 0 ? `it asks for ${matched.capabilities.join(", ")}` : "",
    `its words are ${Math.round(100 * Math.max(0, scores.similarity))} % like the description`,
  ].filter((part) => part !== "");
  const why = `${name}: ${evidence.join("; ")}.`;
  return chosen ? why : `No expert reaches a confidence of ${threshold}. The nearest is ${why}`;
}

function quoted(text: string): string {
  return `"${text}"`;
}
