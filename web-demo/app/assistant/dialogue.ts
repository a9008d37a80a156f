// A question and its answers: by the expert that it is for, and by the base alone.

import { AndonError, type LanguageModel, type Message, type Routing } from "../andon.js";
import { el } from "../dom.js";
import { label, passage } from "../foreign.js";
import type { Experts } from "./experts.js";
import { answerPane } from "./pane.js";
import { questionForm, type Asked } from "./question.js";
import { routeWords } from "./route.js";

/** More than any answer of the experts that come with the page has. */
const maxTokens = 96;

export interface Watcher {
  writing(isWriting: boolean): void;
  /** Experts may have been attached for an answer, or detached to make room. */
  settle(): Promise<void>;
}

export class Dialogue {
  readonly element: HTMLElement;
  readonly #model: LanguageModel;
  readonly #experts: Experts;
  readonly #watcher: Watcher;
  readonly #form = questionForm(
    (asked) => void this.#ask(asked),
    () => {
      this.stop();
    },
  );
  readonly #route = el("div", { class: "route", hidden: "" });
  readonly #problem = el("p", { class: "problem", role: "alert" });
  readonly #spoken = el("p", { class: "unseen", role: "status" });
  readonly #answer = answerPane("answer");
  readonly #baseAnswer = answerPane("base-answer");
  #writing: { stop(): void } | undefined;
  #stopped = false;

  constructor(model: LanguageModel, experts: Experts, watcher: Watcher) {
    this.#model = model;
    this.#experts = experts;
    this.#watcher = watcher;
    const answers = el("div", { class: "answers" }, this.#answer.element, this.#baseAnswer.element);
    const told = [this.#problem, this.#route, answers, this.#spoken];
    this.element = el("div", { class: "dialogue" }, this.#form.element, ...told);
  }

  offer(experts: readonly string[]): void {
    this.#form.offer(experts);
  }

  /** Ends what is being written, and what would come after it. */
  stop(): void {
    this.#stopped = true;
    this.#writing?.stop();
  }

  async #ask(asked: Asked): Promise<void> {
    this.#begin();
    try {
      const messages = [{ role: "user", content: asked.text }];
      const byExpert = await this.#answerByExpert(messages, asked);
      if (byExpert && asked.baseAsWell && !this.#stopped) await this.#answerByBase(messages);
      this.#spoken.textContent = this.#answer.text();
    } catch (thrown) {
      this.#refuse(thrown);
    } finally {
      this.#writing = undefined;
      this.#settle(false);
    }
  }

  #begin(): void {
    this.#stopped = false;
    this.#problem.replaceChildren();
    this.#route.hidden = true;
    this.#answer.hide();
    this.#baseAnswer.hide();
    this.#spoken.textContent = "Writing";
    this.#settle(true);
  }

  #settle(isWriting: boolean): void {
    this.#form.writing(isWriting);
    this.#watcher.writing(isWriting);
  }

  /** Whether an expert answers, and not the base. */
  async #answerByExpert(messages: Message[], { experts, underGrammar }: Asked): Promise<boolean> {
    const chat = this.#experts.manager.chat(messages, {
      maxTokens,
      ...(experts === undefined ? {} : { experts }),
      ...(underGrammar ? {} : { grammar: false }),
    });
    this.#writing = chat;
    let byExpert = false;
    for await (const part of chat) {
      if (part.type === "route") {
        byExpert = part.experts.length > 0;
        await this.#showRouting(part, underGrammar);
      } else this.#answer.take(part);
    }
    return byExpert;
  }

  async #showRouting(routing: Routing, underGrammar: boolean): Promise<void> {
    const words = routeWords(routing);
    this.#route.replaceChildren(...words);
    this.#route.hidden = words.length === 0;
    await this.#watcher.settle();
    const [first] = routing.experts;
    if (first === undefined) {
      this.#answer.begin("The base", "");
      return;
    }
    const held = underGrammar && (await this.#experts.hasGrammar(first));
    this.#answer.begin(label(first, 48), held ? "Under its grammar" : "Without a grammar");
  }

  async #answerByBase(messages: Message[]): Promise<void> {
    const generation = this.#model.chat(messages, { experts: [], maxTokens });
    this.#writing = generation;
    this.#baseAnswer.begin("The base alone", "");
    for await (const part of generation) this.#baseAnswer.take(part);
  }

  #refuse(thrown: unknown): void {
    this.#answer.breakOff();
    this.#baseAnswer.breakOff();
    this.#spoken.textContent = "";
    if (!(thrown instanceof AndonError)) reportError(thrown);
    else if (thrown.code !== "Disposed")
      // another file was opened meanwhile
      this.#problem.replaceChildren(el("code", {}, thrown.code), " ", passage(thrown.message));
  }
}
