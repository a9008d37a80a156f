// What is asked, of whom, and how it is to be answered.

import { composer } from "../chat/composer.js";
import { button, el } from "../dom.js";
import { short } from "../foreign.js";
import { questions } from "./shipped.js";

export interface Asked {
  text: string;
  /** By their names; `[]`: the base alone; `undefined`: whom the question is for. */
  experts: string[] | undefined;
  underGrammar: boolean;
  baseAsWell: boolean;
}

export interface QuestionForm {
  element: HTMLElement;
  writing(isWriting: boolean): void;
  /** Experts that can be named. */
  offer(experts: readonly string[]): void;
}

function option(id: string, words: string): { element: HTMLElement; input: HTMLInputElement } {
  const input = el("input", { type: "checkbox", id });
  input.checked = true;
  const label = el("label", { for: id }, words);
  return { element: el("span", { class: "mode" }, input, label), input };
}

interface WhoAnswers {
  element: HTMLElement;
  offer: QuestionForm["offer"];
  experts(): Asked["experts"];
}

/** The choices are the router, each expert, and the base. */
function whoAnswers(): WhoAnswers {
  const select = el("select", { id: "who-answers" });
  const label = el("label", { for: select.id }, "Who answers");
  let names: readonly string[] = [];
  const offer = (experts: readonly string[]): void => {
    const chosen = names[select.selectedIndex - 1] ?? "";
    names = experts;
    const words = ["Whom the question is for", ...names.map((name) => short(name, 48)), "The base"];
    select.replaceChildren(...words.map((word) => el("option", {}, word)));
    select.selectedIndex = names.indexOf(chosen) + 1;
  };
  offer([]);
  return {
    element: el("div", { class: "who-answers" }, label, select),
    offer,
    experts: () =>
      select.selectedIndex === 0
        ? undefined
        : names.slice(select.selectedIndex - 1, select.selectedIndex),
  };
}

export function questionForm(ask: (asked: Asked) => void, stop: () => void): QuestionForm {
  const who = whoAnswers();
  const grammar = option("under-grammar", "Hold answers to the expert’s grammar");
  const both = option("base-as-well", "Ask the base as well");
  const send = (text: string): void => {
    if (text.trim() === "") return;
    const experts = who.experts();
    ask({ text, experts, underGrammar: grammar.input.checked, baseAsWell: both.input.checked });
  };
  const compose = composer({ send, stop });
  const examples = questions.map(({ title, text }) => {
    const fill = (): void => {
      compose.fill(text);
      compose.focus();
    };
    return button(title, fill, { class: "small" });
  });
  const [first] = questions;
  compose.mode("question");
  compose.fill(first?.text ?? "");
  const beginnings = el("span", { class: "quiet" }, "For example, for:");
  return {
    element: el(
      "div",
      { class: "question" },
      el("div", { class: "row" }, beginnings, ...examples),
      compose.element,
      el("div", { class: "row options" }, who.element, grammar.element, both.element),
    ),
    writing: (isWriting) => {
      compose.writing(isWriting);
    },
    offer: who.offer,
  };
}
