// Everything a file says about its expert, on one page for a person.

import type { ExpertDescription, Verdict } from "../index.js";
import { type Facts, labelled } from "./facts.js";
import { verdictLines } from "./model-page.js";
import type { Style } from "./terminal.js";
import { align, count, shown, size } from "./text.js";

/** Longer lists are cut: an expert can have 4,096 sections. --list-sections and --json have them all. */
const MOST_SECTIONS = 40;
const MOST_WORDS = 16;

type Section = ExpertDescription["sections"][number];

export function expertPage(
  file: string,
  verdict: Verdict,
  expert: ExpertDescription,
  style: Style,
): string {
  const parts: [title: string, lines: string[]][] = [
    ["Expert", labelled(expertFacts(expert), style)],
    ["Limitations", limitations(expert.manifest)],
    [sectionsTitle(expert.sections), sectionLines(expert.sections, style, MOST_SECTIONS)],
    [`Attachments (${count(expert.attachments.length)})`, attachments(expert)],
  ];
  return [
    style.bold(shown(file)),
    ...verdictLines(verdict, style, isReadWhole(expert)).map(indent),
    ...verdict.reasons.map((reason) => indent(style.dim(shown(reason)))),
    ...expert.warnings.map((warning) => indent(style.yellow(`! ${shown(warning)}`))),
    ...parts
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([title, lines]) => ["", style.bold(title), ...lines.map(indent)]),
  ].join("\n");
}

/** Of version 2 opening reads the head alone. */
export function isReadWhole({ formatVersion }: ExpertDescription): boolean {
  return formatVersion.startsWith("1.");
}

function sectionsTitle(sections: readonly Section[]): string {
  const stored = total(sections, "storedLength");
  const raw = total(sections, "rawLength");
  const saved = `${size(raw)} in ${size(stored)}, ${ratio(stored, raw)}`;
  return `Sections (${count(sections.length)}): ${saved}`;
}

/** One line a section: id, type, layer, codec, sizes, ratio. */
export function sectionLines(
  sections: readonly Section[],
  style: Style,
  most = Infinity,
): string[] {
  const rows = sections
    .slice(0, most)
    .map((section) => [
      String(section.id).padStart(4),
      section.type,
      section.layer === null ? "" : `layer ${section.layer}`,
      shown(section.name),
      section.codec,
      size(section.storedLength).padStart(8),
      size(section.rawLength).padStart(8),
      style.dim(ratio(section.storedLength, section.rawLength)),
    ]);
  const rest = sections.length - rows.length;
  const cut = rest > 0 ? [style.dim(`… and ${count(rest)} more; --list-sections shows them`)] : [];
  return [...align(rows), ...cut];
}

function expertFacts(expert: ExpertDescription): Facts {
  const { manifest } = expert;
  const { base_model: base, adapter, constraints } = manifest;
  return [
    ["name", shown(expert.name)],
    ["version", `${shown(expert.version)}, release ${count(expert.releaseCounter)}`],
    ["what it is for", text(manifest.description)],
    ["capabilities", listed(manifest.capabilities)],
    ["base model", text(base?.name)],
    ["adapter", adapter === undefined ? undefined : adapterText(adapter)],
    ["layers", expert.layers.length === 0 ? undefined : count(expert.layers.length)],
    ["requires", listed(constraints?.requires)],
    ["incompatible", listed(constraints?.incompatible_with)],
    ["author", text(manifest.author)],
    ["homepage", text(manifest.homepage)],
    ["license", text(manifest.license)],
    ["format", `expert ${expert.formatVersion}`],
  ];
}

function adapterText(adapter: NonNullable<ExpertDescription["manifest"]["adapter"]>): string {
  const { kind, rank, target_modules: modules } = adapter;
  const of = modules === undefined ? "" : ` of ${listed(modules) ?? ""}`;
  return `${shown(kind)}${rank === undefined ? "" : `, rank ${rank}`}${of}`;
}

function limitations({ limitations: list = [] }: ExpertDescription["manifest"]): string[] {
  return list.slice(0, MOST_WORDS).map(({ description }) => shown(description));
}

function attachments(expert: ExpertDescription): string[] {
  const paths = expert.attachments.map(({ path }) => shown(path ?? "(a long path)"));
  const rest = paths.length - MOST_SECTIONS;
  return rest > 0 ? [...paths.slice(0, MOST_SECTIONS), `… and ${count(rest)} more`] : paths;
}

function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : shown(value);
}

function listed(words: readonly string[] | undefined): string | undefined {
  if (words === undefined || words.length === 0) return undefined;
  const rest = words.length - MOST_WORDS;
  const first = words.slice(0, MOST_WORDS).map(shown).join(", ");
  return rest > 0 ? `${first}, … and ${count(rest)} more` : first;
}

function total(sections: readonly Section[], member: "storedLength" | "rawLength"): number {
  return sections.reduce((sum, section) => sum + section[member], 0);
}

/** What is left of 100 %. */
function ratio(stored: number, raw: number): string {
  return raw === 0 ? "" : `${((100 * stored) / raw).toFixed(0)} %`;
}

function indent(line: string): string {
  return `  ${line}`.trimEnd();
}
