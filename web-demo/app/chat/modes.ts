// A conversation, or a text that is gone on with: a model without a chat template knows only the latter.

import { el } from "../dom.js";
import type { Mode } from "./saved-chat.js";

const names: Record<Mode, string> = { chat: "Conversation", text: "Go on with a text" };

export interface ModeChoice {
  element: HTMLElement;
  show(mode: Mode): void;
}

export function modeChoice(canChat: boolean, choose: (mode: Mode) => void): ModeChoice {
  if (!canChat) {
    const words = "This model has no chat template: it goes on with a text that you begin.";
    return { element: el("p", { class: "quiet" }, words), show: () => undefined };
  }
  const inputs = new Map<Mode, HTMLInputElement>();
  const option = (mode: Mode): HTMLElement => {
    const input = el("input", { type: "radio", name: "chat-mode", id: `chat-mode-${mode}` });
    input.addEventListener("change", () => {
      choose(mode);
    });
    inputs.set(mode, input);
    return el("span", { class: "mode" }, input, el("label", { for: input.id }, names[mode]));
  };
  const legend = el("legend", { class: "unseen" }, "What the model writes");
  return {
    element: el("fieldset", { class: "modes" }, legend, option("chat"), option("text")),
    show(mode) {
      const input = inputs.get(mode);
      if (input) input.checked = true;
    },
  };
}
