// Texts as vectors, without a model: hashed words, pairs of words and parts of words.
//
// Every feature is hashed to one of 1,024 dimensions and a sign, so that features which meet in a dimension cancel on
// average and inner products stay unbiased (Weinberger, Dasgupta, Langford, Smola and Attenberg, "Feature Hashing for
// Large Scale Multitask Learning", 2009). Parts of words, as fastText has them (Bojanowski et al., 2017), make "lists"
// and "listing" alike. The vector of a text is the same everywhere and for ever: packages can bring it.

import { unit } from "./router-section.js";
import { saysLittle, wordsOf } from "./words.js";

/** Name of these vectors. Another hash, weight or size would be another space. */
export const hashedSpace = "andon-hash-1";
export const hashedDimensions = 1024;

/** A whole word says more than any of its parts. */
const weights = { word: 1, pair: 0.7, part: 0.25 };
const shortestPart = 3;
const longestPart = 5;

/** The vector of a text in the space "andon-hash-1", `[1024]`, of length 1; zeros where it says nothing. */
export function hashedEmbedding(text: string): Float32Array {
  return embedWords(wordsOf(text));
}

/** REQUIRES: words as `wordsOf` gives them. */
export function embedWords(words: readonly string[]): Float32Array {
  const telling = words.filter((word) => !saysLittle(word));
  const features = new Features();
  telling.forEach((word, i) => {
    features.add(hashOf(word), weights.word);
    if (i > 0) features.add(hashOf(`${telling[i - 1] ?? ""} ${word}`), weights.pair);
    addParts(word, features);
  });
  return features.vector();
}

/** Hashes, and how often each came. */
class Features {
  readonly #counts = new Map<number, { count: number; weight: number }>();

  add(hash: number, weight: number): void {
    const known = this.#counts.get(hash);
    if (known === undefined) this.#counts.set(hash, { count: 1, weight });
    else known.count += 1;
  }

  vector(): Float32Array {
    const vector = new Float32Array(hashedDimensions);
    for (const [hash, { count, weight }] of this.#counts) {
      const mixed = mix(hash);
      const dimension = mixed % hashedDimensions;
      const sign = mixed & 0x80000000 ? -1 : 1;
      // What is said ten times is not ten times as important.
      vector[dimension] = (vector[dimension] as number) + sign * weight * (1 + Math.log(count));
    }
    return unit(vector);
  }
}

/** "<sql>" has the parts "<sq", "sql", "ql>", "<sql", "sql>" and "<sql>": a "#" tells them from words. */
function addParts(word: string, features: Features): void {
  const bounded = `<${word}>`;
  for (let start = 0; start + shortestPart <= bounded.length; start++) {
    let hash = hashOf("#");
    const end = Math.min(start + longestPart, bounded.length);
    for (let at = start; at < end; at++) {
      hash = hashOn(hash, bounded.charCodeAt(at));
      if (at - start + 1 >= shortestPart) features.add(hash, weights.part);
    }
  }
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = hashOn(hash, text.charCodeAt(i));
  return hash;
}

function hashOn(hash: number, unitCode: number): number {
  return Math.imul(hash ^ unitCode, 0x01000193);
}

/** The final mix of MurmurHash3, as the low bits choose the dimension. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
