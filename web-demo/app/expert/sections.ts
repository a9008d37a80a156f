// Where the bytes are: one bar a kind of section, then every section in a table.

import type { Section } from "../andon.js";
import { el } from "../dom.js";
import { label } from "../foreign.js";
import { bytes, count, percent, plural } from "../format.js";
import { paged } from "../paged.js";
import { sizesByType, total, typeName, type SizeGroup } from "./sizes.js";
import { dataTable, unfolded } from "./table.js";

const columns = ["Id", "Kind", "Name", "Layer", "Codec", "Stored", "Expanded", "Ratio", "SHA-256"];

const ratio = (stored: number, raw: number): string => (raw === 0 ? "–" : percent(stored / raw));

function bar(share: number, kind: string): HTMLElement {
  const fill = el("span", { class: `fill ${kind}` });
  fill.style.setProperty("--from", "0");
  fill.style.setProperty("--size", String(share));
  return fill;
}

function groupRow(group: SizeGroup, largest: number): HTMLElement {
  const { type, sections, stored, raw } = group;
  const amount = el("span", { class: "amount" }, sections > 1 ? ` × ${count(sections)}` : "");
  return el(
    "li",
    { class: "size" },
    el("span", { class: "name" }, typeName(type), amount),
    el(
      "span",
      { class: "track", "aria-hidden": "true" },
      bar(raw / largest, "raw"),
      bar(stored / largest, "plus"),
    ),
    el("span", { class: "value" }, bytes(stored), el("span", { class: "of" }, ` of ${bytes(raw)}`)),
    el("span", { class: "value" }, ratio(stored, raw)),
  );
}

function row(section: Section): HTMLElement {
  const { id, type, name, layer, codec, storedLength, rawLength, sha256, critical } = section;
  const cells: (Node | string)[] = [
    typeName(type) + (critical ? ", critical" : ""),
    name === "" ? "–" : label(name),
    layer === null ? "–" : String(layer),
    codec,
    bytes(storedLength),
    bytes(rawLength),
    ratio(storedLength, rawLength),
    sha256 === null ? "–" : el("code", {}, sha256),
  ];
  const first = el("th", { scope: "row" }, String(id));
  return el("tr", {}, first, ...cells.map((cell) => el("td", {}, cell)));
}

export function sectionsPicture(sections: readonly Section[]): HTMLElement[] {
  const groups = sizesByType(sections);
  const { stored, raw } = total(groups);
  const largest = Math.max(1, ...groups.map((group) => Math.max(group.stored, group.raw)));
  const { scroller, body } = dataTable("All sections", columns);
  const pages = paged(body, 50);
  return [
    el(
      "p",
      { class: "quiet" },
      `${plural(sections.length, "section")}, ${bytes(stored)} in the file, ${bytes(raw)} expanded: ${ratio(stored, raw)}. `,
      "The strong part of a bar is what the file holds, the pale one what it expands to.",
    ),
    el(
      "ul",
      { role: "list", class: "sizes", "aria-label": "Sizes by kind of section" },
      ...groups.map((group) => groupRow(group, largest)),
    ),
    unfolded(`All sections (${count(sections.length)})`, [scroller, pages.more], () => {
      pages.show(sections, row);
    }),
  ];
}
