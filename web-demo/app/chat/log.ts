// What was said, as it is written. All of it is foreign text: it enters as text nodes, with what cannot be seen
// made visible.

import { button, el } from "../dom.js";
import { prose } from "../foreign.js";
import type { Mode, Turn } from "./saved-chat.js";

/** Of one turn, in characters: a vocabulary may have tokens of any length. */
const mostShown = 200_000;

export interface Entry {
  append(text: string): void;
  /** Nothing more comes; why, where that is worth telling. */
  end(note?: string, action?: { label: string; press: () => void }): void;
}

export interface Log {
  element: HTMLElement;
  clear(mode: Mode): void;
  add(turn: Turn): Entry;
  /** The last one, to be gone on with. */
  last(): Entry | undefined;
  /** Takes away what was added last. */
  drop(entries: number): void;
}

const speakers: Record<Turn["role"], string> = { user: "You", assistant: "Model" };

/** Text is shown once a frame, however fast it comes; who reads its end goes on seeing the end. */
function entryOf(turn: Turn, scroller: HTMLElement): { item: HTMLElement; entry: Entry } {
  const shown = document.createTextNode("");
  const said = el("p", { class: "said foreign" });
  said.append(shown);
  const foot = el("p", { class: "turn-foot quiet", hidden: "" });
  const who = el("h3", { class: "who" }, speakers[turn.role]);
  const item = el("li", { class: "turn", "data-role": turn.role }, who, said, foot);
  let waiting = "";
  let frame = 0;

  function flush(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    const left = mostShown - shown.length;
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
    shown.appendData(prose(waiting.slice(0, Math.max(0, left))));
    if (waiting.length > left) item.dataset["cut"] = "";
    waiting = "";
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }
  const entry: Entry = {
    append(text) {
      waiting += text;
      foot.hidden = true;
      frame ||= requestAnimationFrame(flush);
    },
    end(note, action) {
      flush();
      const act = action ? [" ", button(action.label, action.press, { class: "small" })] : [];
      foot.replaceChildren(note ?? "", ...act);
      foot.hidden = note === undefined;
      scroller.scrollTop = scroller.scrollHeight;
    },
  };
  return { item, entry };
}

export function chatLog(): Log {
  const list = el("ol", { role: "list", class: "turns" });
  const empty = el("p", { class: "quiet chat-empty" });
  const scroller = el(
    "div",
    { class: "chat-log", tabindex: "0", role: "region", "aria-label": "What was said" },
    empty,
    list,
  );
  const entries: Entry[] = [];
  const settle = (): void => {
    empty.hidden = entries.length > 0;
  };
  return {
    element: scroller,
    clear(mode) {
      scroller.dataset["mode"] = mode;
      empty.textContent =
        mode === "chat"
          ? "Nothing was said yet. What you write stays on this machine."
          : "No text yet. The model goes on with what you write; it stays on this machine.";
      entries.length = 0;
      list.replaceChildren();
      settle();
    },
    add(turn) {
      for (const stale of list.querySelectorAll(".turn-foot button")) stale.remove();
      const { item, entry } = entryOf(turn, scroller);
      list.append(item);
      entries.push(entry);
      settle();
      entry.append(turn.content);
      scroller.scrollTop = scroller.scrollHeight;
      return entry;
    },
    last: () => entries.at(-1),
    drop(count) {
      for (const item of [...list.children].slice(-count)) item.remove();
      entries.splice(-count);
      settle();
    },
  };
}
