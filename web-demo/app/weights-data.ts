// Which weights to show, and in which order: pure, so that 65,536 features stay quick.

import type { Weights } from "./andon.js";

export interface Table {
  features: string[];
  outputs: number;
  at(feature: number, output: number): number;
  low: number; // the smallest weight, at most 0
  high: number; // the largest, at least 0
  bySize: number[]; // features, that with the largest weight first
}

export function weightsTable(features: string[], { coefficients }: Weights): Table {
  const width = features.length;
  const strongest = new Float64Array(width);
  let low = 0;
  let high = 0;
  coefficients.forEach((weight, index) => {
    const feature = index % width;
    strongest[feature] = Math.max(strongest[feature] ?? 0, Math.abs(weight));
    low = Math.min(low, weight);
    high = Math.max(high, weight);
  });
  const bySize = Array.from(features.keys());
  bySize.sort((a, b) => (strongest[b] ?? 0) - (strongest[a] ?? 0));
  return {
    features,
    outputs: coefficients.length / width,
    at: (feature, output) => coefficients[output * width + feature] ?? 0,
    low,
    high,
    bySize,
  };
}

export interface Choice {
  search: string;
  order: "size" | "file";
}

export function chosenFeatures(table: Table, { search, order }: Choice): number[] {
  const wanted = search.trim().toLowerCase();
  const all = order === "size" ? table.bySize : Array.from(table.features.keys());
  if (wanted === "") return all;
  return all.filter((feature) => table.features[feature]?.toLowerCase().includes(wanted));
}
