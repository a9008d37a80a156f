// Which expert a question is for, and why. docs/ROUTING.md describes the scores.

import { AndonError } from "../errors.js";
import {
  candidateOf,
  judge,
  type Candidate,
  type Embedding,
  type Found,
  type KnownExpert,
  type Query,
} from "./candidate.js";
import { priorityOf, type ExpertFacts } from "./facts.js";
import { embedWords, hashedSpace } from "./features.js";
import { factOf, parseHint, type Hint } from "./hint.js";
import { Phrases } from "./phrases.js";
import { unit, vectorOf } from "./router-section.js";
import { fold, saysLittle, wordsOf } from "./words.js";

/** Characters from the beginning and from the end: of a long text the question is one of them, the rest is data. */
const longestEnd = 256;
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
  embedding?: Embedding;
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

type Label = Found & { expert: number };

/** Made once for its experts; then a question takes some microseconds. */
export class Router {
  readonly #experts: readonly KnownExpert[];
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

  /** @throws AndonError `InvalidArgument` */
  route(text: string, options: RouteOptions = {}): Route {
    const { k = 3, threshold = 0.5 } = options;
    requireFraction(threshold);
    const query = queryOf(text, options);
    const found = this.#find(query.words);
    const judged = this.#experts
      .map((expert, i) => judge(expert, found[i] ?? [], query))
      .sort(
        (a, b) =>
          b.confidence - a.confidence || (a.expert.facts.name < b.expert.facts.name ? -1 : 1),
      );
    const told = judged.slice(0, Math.max(1, k)).map((each) => candidateOf(each, query));
    const [best] = told;
    const chosen = best !== undefined && best.confidence >= threshold && best.confidence > 0;
    return {
      expert: chosen ? best.name : null,
      confidence: chosen ? best.confidence : 1 - (best?.confidence ?? 0),
      reason: reasonOf(best, chosen, threshold),
      candidates: told.slice(0, k),
    };
  }

  /** By expert, each phrase once. */
  #find(words: readonly string[]): (Label[] | undefined)[] {
    const byExpert: Label[][] = [];
    for (const label of new Set(this.#phrases.find(words))) {
      (byExpert[label.expert] ??= []).push(label);
    }
    return byExpert;
  }

  #add(expert: number, kind: Found["kind"], text: string, value: string, rarity = 1): void {
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
    return parseHint(manifest.routing?.router_hint ?? "", ({ value }) => {
      this.#add(expert, "fact", value, value);
    });
  }
}

function queryOf(text: string, { capabilities = [], embedding }: RouteOptions): Query {
  const whole = text.length <= 2 * longestEnd;
  const ends = whole ? text : `${text.slice(0, longestEnd)} ${text.slice(-longestEnd)}`;
  const words = wordsOf(ends);
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
  for (let i = 0; i < vector.length; i++) if (vector[i] !== 0) places.push(i);
  return places;
}

function telling(words: readonly string[]): number {
  return words.filter((word) => !saysLittle(word)).length;
}

/** Those of its package, beside that of its description. */
function embeddingsOf(facts: ExpertFacts): Embedding[] {
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
  for (const keyword of lists.flat().map(fold)) {
    counts.set(keyword, (counts.get(keyword) ?? 0) + 1);
  }
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
    `the question is ${Math.round(100 * Math.max(0, scores.similarity))} % like what it says of itself`,
  ].filter((part) => part !== "");
  const why = `${name}: ${evidence.join("; ")}.`;
  return chosen ? why : `No expert reaches a confidence of ${threshold}. The nearest is ${why}`;
}

function quoted(text: string): string {
  return `"${text}"`;
}

/** Errors: InvalidArgument. */
function requireFraction(threshold: number): void {
  if (threshold >= 0 && threshold <= 1) return;
  throw new AndonError("InvalidArgument", "threshold: not a number from 0 to 1");
}
