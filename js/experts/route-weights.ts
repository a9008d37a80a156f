// What each score counts, so that the confidence of an expert is the probability that it is the right one:
//
//   confidence = 1 / (1 + exp(-(bias + sum of weight x score)))
//
// Platt's calibration ("Probabilistic Outputs for Support Vector Machines", 1999), that is a logistic regression. Its
// weights were fitted to the questions of bench/routing by bench/routing/calibrate.mjs, which prints them and how well
// they hold on questions that it did not see. `priority` is no matter of fitting: it decides between equals.

export interface RouteScores {
  /** How many words and phrases of its keywords the query has, rare ones counting more; 0 to 1. */
  keywords: number;
  /** Which part of the query's telling words they are; 0 to 1. */
  coverage: number;
  /** How many of its capabilities the query names or asks for; 0 to 1. */
  capabilities: number;
  /** Whether its router_hint holds; 0 or 1. */
  hint: number;
  /** Cosine of its description, or of the nearest embedding that its package brings, with the query; -1 to 1. */
  similarity: number;
  /** What it says of itself, from -0.5 to 0.5. */
  priority: number;
}

export const bias = -4;
export const routeWeights: Readonly<Record<keyof RouteScores, number>> = {
  keywords: 3,
  coverage: 3,
  capabilities: 2,
  hint: 1,
  similarity: 6,
  priority: 0.5,
};

export function confidenceOf(scores: RouteScores): number {
  const names = Object.keys(routeWeights) as (keyof RouteScores)[];
  const evidence = names.reduce((sum, name) => sum + routeWeights[name] * scores[name], bias);
  return 1 / (1 + Math.exp(-evidence));
}
