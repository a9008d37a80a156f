// One answer, as it is written. All of it is foreign text.

import type { Part } from "../andon.js";
import { rate, type Finish } from "../chat/numbers.js";
import { el } from "../dom.js";
import { prose } from "../foreign.js";
import { milliseconds, plural } from "../format.js";

export interface Pane {
  element: HTMLElement;
  /** `how`: what is to be told of the text when it is complete. */
  begin(who: Node | string, how: string): void;
  take(part: Part): void;
  /** Nothing more comes, though it has no end. */
  breakOff(): void;
  hide(): void;
  text(): string;
}

const endings: Partial<Record<Finish["reason"], string>> = {
  length: "Cut off",
  context: "The context is full",
  cancelled: "Stopped",
};

function numbersOf(finish: Finish, how: string): string {
  const { reason, completed, completionTokens, tokensPerSecond, promptTokens, promptMs } = finish;
  const ending = endings[reason] ?? "";
  const parts = [
    completed ? `${ending}, and completed as the grammar asks` : ending,
    how,
    plural(completionTokens, "token"),
    tokensPerSecond > 0 ? rate(tokensPerSecond) : "",
    `prompt of ${plural(promptTokens, "token")} in ${milliseconds(promptMs)}`,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

export function answerPane(id: string): Pane {
  const heading = el("h3", { id: `${id}-title` });
  const shown = document.createTextNode("");
  const said = el("p", { class: "said foreign" });
  said.append(shown);
  const foot = el("p", { class: "quiet" });
  const labelled = { "aria-labelledby": heading.id, hidden: "" } as const;
  const element = el("section", { class: "answer-pane", id, ...labelled }, heading, said, foot);
  let told = "";
  return {
    element,
    begin(who, how) {
      heading.replaceChildren(who);
      shown.data = "";
      told = how;
      foot.textContent = "Writing";
      element.hidden = false;
    },
    take(part) {
      if (part.type === "text") shown.appendData(prose(part.text));
      else if (part.type === "finish") foot.textContent = numbersOf(part, told);
    },
    breakOff() {
      if (foot.textContent === "Writing") foot.textContent = "Broken off";
    },
    hide() {
      element.hidden = true;
    },
    text: () => shown.data,
  };
}
