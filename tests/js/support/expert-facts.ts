// Experts as stores and routers know them, and modules of the package that handle them.

import type { ExpertFacts } from "andon";

/** A module of the package as it was built; the package exports none of them. */
export async function expertInternals<T>(module: string): Promise<T> {
  const url = new URL(`../../../../dist/experts/${module}.js`, import.meta.url);
  return (await import(url.href)) as T;
}

export function factsOf(
  name: string,
  manifest: ExpertFacts["manifest"] = {},
  version = "1.0.0",
): ExpertFacts {
  return { name, version, manifest };
}

export function universeOf(...experts: ExpertFacts[]): Map<string, ExpertFacts> {
  return new Map(experts.map((expert) => [expert.name, expert]));
}

/** The same numbers for the same seed, from 0 to below 1 (mulberry32). */
export function randomsOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
