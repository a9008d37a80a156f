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

const bias = -4.6;
export const routeWeights: Readonly<Record<keyof RouteScores, number>> = {
  keywords: 7.3,
  coverage: 1.6,
  capabilities: 1.7,
  hint: 0.6,
  similarity: 3.4,
  priority: 0.5,
};

export function confidenceOf(scores: RouteScores): number {
  const evidence =
    routeWeights.keywords * scores.keywords +
    routeWeights.coverage * scores.coverage +
    routeWeights.capabilities * scores.capabilities +
    routeWeights.hint * scores.hint +
    routeWeights.similarity * scores.similarity +
    routeWeights.priority * scores.priority;
  return 1 / (1 + Math.exp(-(bias + evidence)));
}
