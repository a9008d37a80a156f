// An opened language model, shown. Loaded when the first one is opened.

import type { LanguageModel } from "../andon.js";
import { byId, el } from "../dom.js";
import { aboutModel } from "./about.js";
import { ChatPanel } from "./panel.js";

function card(id: string, title: string, content: HTMLElement[]): HTMLElement {
  const heading = el("h2", { id: `${id}-title` }, title);
  return el("section", { class: "card", id, "aria-labelledby": heading.id }, heading, ...content);
}

export function showLanguageModel(model: LanguageModel): ChatPanel {
  const panel = new ChatPanel(model);
  const area = byId("language-model", HTMLElement);
  area.replaceChildren(
    card("chat", "Write with it", [panel.element]),
    card("about-text", "About this model", aboutModel(model)),
  );
  area.hidden = false;
  return panel;
}
