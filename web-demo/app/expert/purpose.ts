// What an expert is for, in the words of its maker.

import type { ExpertDescription } from "../andon.js";
import { el } from "../dom.js";
import { facts, foreignFacts, type Fact } from "../facts.js";
import { label, passage } from "../foreign.js";
import { count, number } from "../format.js";
import { paged } from "../paged.js";
import { flattened } from "./claims.js";
import { dataTable, unfolded } from "./table.js";

type Manifest = ExpertDescription["manifest"];

const mostTags = 60; // shown side by side; the table of all that it states has the rest

function stated(name: string, value: number | boolean | undefined): Fact[] {
  if (value === undefined) return [];
  return [[name, typeof value === "number" ? number(value) : value ? "yes" : "no"]];
}

const list = (texts: readonly string[] | undefined): string => texts?.join(", ") ?? "";

function identity(description: ExpertDescription): Fact[] {
  const { name, version, formatVersion, releaseCounter, manifest } = description;
  return [
    ["Name", label(name)],
    ["Version", label(version)],
    ["Release", count(releaseCounter)],
    ["Format", `.expert ${formatVersion}`],
    ...foreignFacts([
      ["Author", manifest.author],
      ["Licence", manifest.license],
      ["Home page", manifest.homepage],
    ]),
  ];
}

function base({ base_model: model }: Manifest): Fact[] {
  if (model === undefined) return [];
  const shapes = flattened(model.shapes ?? {}).map(([name, value]) => `${name} ${value}`);
  return foreignFacts([
    ["Base model", model.name],
    ["SHA-256 of its weights", model.sha256],
    ["SHA-256 of its vocabulary", model.vocabulary_sha256],
    ["Quantization", model.quantization],
    ["Prompt template", model.prompt_template],
    ["Shapes", list(shapes).replaceAll("_", " ")],
  ]);
}

function decoding({ decoding: how }: Manifest): Fact[] {
  if (how === undefined) return [];
  const stops = how.stop_sequences?.map((stop) => `“${stop}”`);
  return [
    ...stated("Under a grammar", how.use_grammar),
    ...foreignFacts([
      ["Grammar", how.grammar_type],
      ["Validation", how.validation],
      ["Stops at", list(stops)],
    ]),
    ...stated("Temperature", how.temperature),
    ...stated("Top p", how.top_p),
    ...stated("Top k", how.top_k),
    ...stated("Min p", how.min_p),
  ];
}

function use({ routing, constraints, runtime }: Manifest): Fact[] {
  return [
    ...foreignFacts([
      ["Chosen for", list(routing?.keywords)],
      ["Not for", list(routing?.exclude_keywords)],
      ["Hint", routing?.router_hint],
      ["Needs", list(constraints?.requires)],
      ["Not together with", list(constraints?.incompatible_with)],
    ]),
    ...stated("Priority", routing?.priority),
    ...stated("Load order", constraints?.load_order),
    ...stated("Most experts in a row", constraints?.max_chain),
    ...stated("Most experts at once", runtime?.max_experts),
  ];
}

function tags(title: string, names: readonly string[] = []): HTMLElement[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, mostTags).map((name) => el("li", {}, label(name, 60)));
  const left = names.length - shown.length;
  if (left > 0) shown.push(el("li", {}, `and ${count(left)} more`));
  return [el("ul", { role: "list", class: "tags", "aria-label": title }, ...shown)];
}

function group(title: string, entries: Fact[]): HTMLElement[] {
  return entries.length > 0 ? [el("div", {}, el("h3", {}, title), facts(entries))] : [];
}

function everything(manifest: Manifest): HTMLElement {
  const all = flattened(manifest);
  const { scroller, body } = dataTable("Everything it states", ["Member", "Value"]);
  const pages = paged(body, 50);
  return unfolded(`Everything it states (${count(all.length)})`, [scroller, pages.more], () => {
    pages.show(all, ([path, value]) =>
      el("tr", {}, el("th", { scope: "row" }, passage(path)), el("td", {}, passage(value))),
    );
  });
}

export function purpose(description: ExpertDescription): HTMLElement[] {
  const { manifest } = description;
  return [
    manifest.description
      ? el("p", { class: "about-text" }, passage(manifest.description, 600))
      : el("p", { class: "quiet" }, "The file does not say what it is for."),
    ...tags("Capabilities", manifest.capabilities),
    el(
      "div",
      { class: "groups" },
      ...group("Expert", identity(description)),
      ...group("Made for", base(manifest)),
      ...group("Decoding", decoding(manifest)),
      ...group("When to use it", use(manifest)),
    ),
    ...tags("Tags", manifest.tags),
    el("div", { class: "tables" }, everything(manifest)),
  ];
}
