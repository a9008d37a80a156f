// The ROUTER section of a package, which docs/ROUTING.md describes, and its embeddings in the form that a store keeps.
//
//   {"keywords": [text ...], "embeddings": [{"space": text, "vector": [number ...]} ...]}

import { fromBase64, toBase64 } from "../keys.js";

export interface RouterSection {
  keywords: string[];
  embeddings: StoredEmbedding[];
}

/** Of a vector its direction alone, with eight bits a dimension: a cosine is off by less than 0.01. */
export interface StoredEmbedding {
  space: string;
  /** Base64 of int8. */
  direction: string;
}

/** As many as metadata may have. */
const mostKeywords = 1024;
/** Room for the questions of an expert in kinds; all of them are compared with every query. */
const mostEmbeddings = 16;
/** Of hidden states of any model that runs here. */
const mostDimensions = 8192;
/** As words of metadata. */
const longestWord = 128;

/** `undefined`: it has another form, which says nothing to this router. REQUIRES: `text` is JSON. */
export function parseRouterSection(text: string): RouterSection | undefined {
  const section: unknown = JSON.parse(text);
  if (typeof section !== "object" || section === null || Array.isArray(section)) return undefined;
  const { keywords = [], embeddings = [] } = section as Record<string, unknown>;
  if (!Array.isArray(keywords) || !Array.isArray(embeddings)) return undefined;
  if (keywords.length > mostKeywords || !keywords.every(isWord)) return undefined;
  if (embeddings.length > mostEmbeddings || !embeddings.every(isEmbedding)) return undefined;
  return {
    keywords,
    embeddings: embeddings.map(({ space, vector }) => ({ space, direction: directionOf(vector) })),
  };
}

/** Whether it has the form in which a store keeps it. */
export function isRouterSection(value: unknown): boolean {
  const { keywords, embeddings } = (value ?? {}) as Partial<Record<string, unknown>>;
  return (
    Array.isArray(keywords) &&
    keywords.every(isWord) &&
    Array.isArray(embeddings) &&
    embeddings.every(isStored)
  );
}

/** Of length 1. */
export function vectorOf({ direction }: StoredEmbedding): Float32Array {
  return unit(Float32Array.from(new Int8Array(fromBase64(direction) ?? [])));
}

/** The same direction at length 1; zeros stay as they are. */
export function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  const scaled = new Float32Array(vector.length);
  for (let i = 0; i < vector.length; i++) scaled[i] = scale * (vector[i] as number);
  return scaled;
}

function directionOf(vector: readonly number[]): string {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const steps = Int8Array.from(vector, (value) => Math.round((127 * value) / largest));
  return toBase64(new Uint8Array(steps.buffer));
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= longestWord;
}

function isEmbedding(value: unknown): value is { space: string; vector: number[] } {
  const { space, vector } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (!isWord(space) || !Array.isArray(vector) || vector.length > mostDimensions) return false;
  return vector.every(Number.isFinite) && vector.some((number) => number !== 0);
}

function isStored(value: unknown): boolean {
  const { space, direction } = (value ?? {}) as Partial<Record<string, unknown>>;
  return isWord(space) && typeof direction === "string" && fromBase64(direction) !== undefined;
}
