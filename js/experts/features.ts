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
  const counts = new Map<string, { count: number; weight: number }>();
  const count = (feature: string, weight: number): void => {
    const known = counts.get(feature);
    if (known === undefined) counts.set(feature, { count: 1, weight });
    else known.count += 1;
  };
  telling.forEach((word, i) => {
    count(word, weights.word);
    if (i > 0) count(`${telling[i - 1] ?? ""} ${word}`, weights.pair);
    for (const part of partsOf(word)) count(part, weights.part);
  });
  const vector = new Float32Array(hashedDimensions);
  for (const [feature, { count: times, weight }] of counts) {
    const hash = hashOf(feature);
    const dimension = hash % hashedDimensions;
    const sign = hash & 0x80000000 ? -1 : 1;
    // What is said ten times is not ten times as important.
    vector[dimension] = (vector[dimension] as number) + sign * weight * (1 + Math.log(times));
  }
  return unit(vector);
}

/** "<sql>" has the parts "<sq", "sql", "ql>", "<sql", "sql>" and "<sql>": none is the word itself. */
function* partsOf(word: string): Generator<string, void, undefined> {
  const bounded = `<${word}>`;
  for (let length = shortestPart; length <= longestPart; length++) {
    for (let start = 0; start + length <= bounded.length; start++) {
      yield `#${bounded.slice(start, start + length)}`;
    }
  }
}

/** FNV-1a over UTF-16 units, then the final mix of MurmurHash3, as the low bits choose the dimension. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
