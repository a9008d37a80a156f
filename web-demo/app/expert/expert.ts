// An opened expert, shown: what it is for, what it changes, how big its parts are, what it says.

import type { AndonError, Expert } from "../andon.js";
import { byId, el } from "../dom.js";
import { adaptersPanel } from "./adapters.js";
import { attachmentsList } from "./attachments.js";
import { purpose } from "./purpose.js";
import { limitationsList, metricsList } from "./quality.js";
import { sectionsPicture } from "./sections.js";
import { textsList } from "./texts.js";

function card(id: string, title: string, content: HTMLElement[]): HTMLElement {
  const heading = el("h2", { id: `${id}-title` }, title);
  return el("section", { class: "card", id, "aria-labelledby": heading.id }, heading, ...content);
}

async function extras(expert: Expert): Promise<HTMLElement[]> {
  const texts = textsList(expert);
  const files = await attachmentsList(expert);
  if (texts.length + files.length === 0) return [];
  const unfold = texts.length > 0 ? [el("div", { class: "tables" }, ...texts)] : [];
  return [card("extras", "What comes with it", [...unfold, ...files])];
}

export function hideExpert(): void {
  const area = byId("expert", HTMLElement);
  area.hidden = true;
  area.replaceChildren();
}

/** Reads what it shows; `onDamage` is called when a part of the file turns out to be damaged. */
export async function showExpert(
  expert: Expert,
  signal: AbortSignal,
  onDamage: (error: AndonError) => void,
): Promise<void> {
  const { manifest } = expert.description;
  const measured = await expert.metrics();
  const more = await extras(expert);
  signal.throwIfAborted();
  const area = byId("expert", HTMLElement);
  area.replaceChildren(
    card("purpose", "What it is for", purpose(expert.description)),
    card("adapters", "What it changes", [adaptersPanel(expert, signal, onDamage)]),
    el(
      "div",
      { class: "pair" },
      card("sections", "Where the bytes are", sectionsPicture(expert.sections)),
      card("quality", "How well it does", [
        ...metricsList(manifest.quality_metrics, measured),
        el("h3", {}, "Limitations"),
        ...limitationsList(manifest.limitations),
      ]),
    ),
    ...more,
  );
  area.hidden = false;
}
