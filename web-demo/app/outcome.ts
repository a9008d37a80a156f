// The answer for the values in the form.

import type { ClassPrediction, ModelDescription, Prediction } from "./andon.js";
import { byId, el } from "./dom.js";
import { label, short } from "./foreign.js";
import { count, number, percent } from "./format.js";

const noValue = "No prediction: a value is empty.";
const mostBars = 10;
const pauseBeforeSpeaking = 600; // milliseconds; a screen reader is not to be interrupted at each key

let speaking: ReturnType<typeof setTimeout> | undefined;

function speak(text: string): void {
  clearTimeout(speaking);
  const voice = byId("outcome-spoken", HTMLElement);
  speaking = setTimeout(() => (voice.textContent = text), pauseBeforeSpeaking);
}

function show(spoken: string, ...content: HTMLElement[]): void {
  byId("outcome", HTMLElement).replaceChildren(...content);
  speak(spoken);
}

function likely(probabilities: ArrayLike<number>): number[] {
  const classes = Array.from(probabilities, (_, index) => index);
  if (classes.length <= mostBars) return classes;
  const of = (index: number): number => probabilities[index] ?? 0;
  return classes.sort((a, b) => of(b) - of(a)).slice(0, mostBars);
}

function chances(classes: readonly string[], probabilities: ArrayLike<number>): HTMLElement {
  const rows = likely(probabilities).map((index) => {
    const share = probabilities[index] ?? 0;
    const fill = el("span", { class: "fill plus" });
    fill.style.setProperty("--from", "0");
    fill.style.setProperty("--size", String(share));
    return el(
      "li",
      { class: "chance" },
      el("span", { class: "name" }, label(classes[index] ?? "", 40)),
      el("span", { class: "track", "aria-hidden": "true" }, fill),
      el("span", { class: "value" }, percent(share)),
    );
  });
  return el("ol", { role: "list", class: "chances", "aria-label": "Probabilities" }, ...rows);
}

function showClass(classes: readonly string[], result: ClassPrediction): void {
  if (result.prediction === null) {
    showNothing(noValue);
    return;
  }
  const share = percent(result.probabilities[result.classIndex] ?? 0);
  const answer = el("p", { class: "answer" }, label(result.prediction, 60));
  const bars = chances(classes, result.probabilities);
  const left = classes.length - mostBars;
  const note = left > 0 ? [el("p", { class: "quiet" }, `and ${count(left)} less likely`)] : [];
  show(`Prediction: ${short(result.prediction, 60)}, ${share}`, answer, bars, ...note);
}

export function showPrediction({ classes }: ModelDescription, result: Prediction): void {
  if (result.probabilities !== undefined) {
    showClass(classes, result);
  } else if (Number.isNaN(result.prediction)) {
    showNothing(noValue);
  } else {
    const text = number(result.prediction);
    show(`Prediction: ${text}`, el("p", { class: "answer" }, text));
  }
}

export function showNothing(why: string): void {
  show(why, el("p", { class: "quiet" }, why));
}
