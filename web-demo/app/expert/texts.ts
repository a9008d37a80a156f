// The texts that come with an expert: shown as they are written, never as markup.

import { AndonError, type Expert, type Section } from "../andon.js";
import { el } from "../dom.js";
import { label, lines, passage, short } from "../foreign.js";
import { bytes } from "../format.js";
import { typeName } from "./sizes.js";

const kinds = ["grammar", "docs", "license", "router", "tokenizer-delta", "calibration"];

async function fill(target: HTMLElement, expert: Expert, section: Section): Promise<void> {
  try {
    const text = new TextDecoder().decode(await expert.section(section.id));
    target.replaceChildren(lines(`${typeName(section.type)} ${short(section.name)}`, text));
  } catch (error) {
    if (!(error instanceof AndonError)) throw error;
    const why = el("p", { class: "problem", role: "alert" }, `${error.code}: `);
    why.append(passage(error.message));
    target.replaceChildren(why);
  }
}

function item(expert: Expert, section: Section): HTMLElement {
  const { type, name, rawLength } = section;
  const target = el("div", { class: "text" });
  const named = name === "" ? [] : [label(name, 40), " "];
  const size = el("span", { class: "quiet" }, ...named, bytes(rawLength));
  const details = el("details", {}, el("summary", {}, typeName(type), " ", size), target);
  details.addEventListener("toggle", () => void fill(target, expert, section), { once: true });
  return details;
}

/** Nothing of a text is read before it is unfolded. */
export function textsList(expert: Expert): HTMLElement[] {
  return kinds.flatMap((kind) =>
    expert.sections.filter(({ type }) => type === kind).map((section) => item(expert, section)),
  );
}
