// Where one writes. Enter sends, Shift and Enter begins a line; while the model writes, the button stops it.

import { button, el } from "../dom.js";
import type { Mode } from "./saved-chat.js";

type Writing = Mode | "question";

const labels: Record<Writing, { label: string; send: string }> = {
  chat: { label: "Message", send: "Send" },
  text: { label: "Text to go on from", send: "Continue" },
  question: { label: "Question", send: "Ask" },
};

export interface Composer {
  element: HTMLElement;
  mode(mode: Writing): void;
  /** The text is given back where it could not be sent. */
  fill(text: string): void;
  writing(isWriting: boolean): void;
  focus(): void;
}

interface Wishes {
  send: (text: string) => void;
  stop: () => void;
}

export function composer({ send, stop }: Wishes): Composer {
  const box = el("textarea", { id: "chat-box", class: "chat-box" });
  box.rows = 2;
  const label = el("label", { for: box.id });
  const sending = el("button", { class: "primary" });
  const stopping = button("Stop", stop, { class: "stop", hidden: "" });
  const actions = el("div", { class: "row" }, sending, stopping);
  const form = el("form", { class: "composer" }, label, box, actions);
  let busy = false;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!busy) send(box.value);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && busy) stop();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (event.target !== box) return;
    event.preventDefault();
    form.requestSubmit();
  });
  return {
    element: form,
    mode(mode) {
      label.textContent = labels[mode].label;
      sending.textContent = labels[mode].send;
    },
    fill(text) {
      box.value = text;
    },
    writing(isWriting) {
      busy = isWriting;
      const active = document.activeElement;
      stopping.hidden = !isWriting;
      sending.hidden = isWriting;
      if (isWriting && active === sending) stopping.focus(); // what is hidden loses the focus
      if (!isWriting && active === stopping) box.focus();
    },
    focus() {
      box.focus({ preventScroll: true });
    },
  };
}
