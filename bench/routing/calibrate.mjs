// Fits the weights of js/experts/route-weights.ts to the questions beside this file, and says how well weights that were
// fitted without a question do on it (ten folds).
//   usage: node bench/routing/calibrate.mjs        needs dist/, which `npm run build` makes

import { Router } from "../../dist/index.js";
import { cases, experts } from "./questions.mjs";

const names = ["keywords", "coverage", "capabilities", "hint", "similarity"];
/** As if somebody doubted every weight a little: no weight grows without evidence. */
const ridge = 0.0003;
const folds = 10;
const threshold = 0.5;

const sigmoid = (evidence) => 1 / (1 + Math.exp(-evidence));
const dot = (weights, row) => row.reduce((sum, value, i) => sum + value * weights[i], 0);

/** Each question with each expert that does not exclude it: [1, scores ...], and whether it is the right one. */
function pairsOf(router, [question, right]) {
  const { candidates } = router.route(question, { k: Infinity });
  return candidates
    .filter(({ excluded }) => excluded === null)
    .map(({ name, scores }) => ({
      name,
      row: [1, ...names.map((each) => scores[each])],
      label: name === right ? 1 : 0,
    }));
}

/** Logistic regression with weights that are not negative, by projected gradient descent. */
function fit(pairs) {
  let weights = [0, ...names.map(() => 1)];
  for (let step = 0; step < 4000; step++) {
    const slope = weights.map((weight, i) => (i === 0 ? 0 : ridge * weight));
    for (const { row, label } of pairs) {
      const error = sigmoid(dot(weights, row)) - label;
      row.forEach((value, i) => (slope[i] += (error * value) / pairs.length));
    }
    weights = weights.map((weight, i) => {
      const next = weight - 4 * slope[i];
      return i === 0 ? next : Math.max(0, next);
    });
  }
  return weights;
}

/** What the router would choose by these weights, and how sure it is. */
function choice(weights, pairs, right) {
  const judged = pairs.map(({ name, row }) => ({ name, confidence: sigmoid(dot(weights, row)) }));
  const best = judged.reduce((a, b) => (b.confidence > a.confidence ? b : a), {
    name: null,
    confidence: 0,
  });
  const chosen = best.confidence >= threshold ? best.name : null;
  const confidence = chosen === null ? 1 - best.confidence : best.confidence;
  return { chosen, right, confidence, correct: chosen === right };
}

/** Mean distance between how sure and how right, over ten bins of confidence. */
function expectedCalibrationError(choices) {
  const bins = Array.from({ length: 10 }, () => []);
  for (const each of choices) bins[Math.min(9, Math.floor(each.confidence * 10))].push(each);
  const mean = (list, of) => list.reduce((sum, each) => sum + of(each), 0) / list.length;
  return bins
    .filter((bin) => bin.length > 0)
    .map((bin) => {
      const gap = mean(bin, (each) => each.confidence) - mean(bin, (each) => Number(each.correct));
      return (Math.abs(gap) * bin.length) / choices.length;
    })
    .reduce((sum, each) => sum + each, 0);
}

const router = new Router(experts);
const all = cases.map((each) => ({ pairs: pairsOf(router, each), right: each[1], text: each[0] }));
const choices = all.map(({ pairs, right, text }, i) => ({ pairs, right, text, fold: i % folds }));
const unseen = [];
for (let fold = 0; fold < folds; fold++) {
  const weights = fit(choices.filter((each) => each.fold !== fold).flatMap(({ pairs }) => pairs));
  for (const { pairs, right, text } of choices.filter((each) => each.fold === fold))
    unseen.push({ ...choice(weights, pairs, right), text });
}

const weights = fit(all.flatMap(({ pairs }) => pairs));
console.log("bias", weights[0].toFixed(2));
names.forEach((name, i) => console.log(name, weights[i + 1].toFixed(2)));

const share = (list) => `${list.filter(({ correct }) => correct).length} of ${list.length}`;
console.log(`on questions not seen: right ${share(unseen)}`);
console.log(`  for an expert        ${share(unseen.filter(({ right }) => right !== null))}`);
console.log(`  for the base model   ${share(unseen.filter(({ right }) => right === null))}`);
console.log(`expected calibration error ${expectedCalibrationError(unseen).toFixed(3)}`);
if (process.argv.includes("--wrong"))
  for (const { text, chosen, right, confidence, correct } of unseen)
    if (!correct) console.log(`  ${confidence.toFixed(2)} ${chosen} instead of ${right}: ${text}`);
