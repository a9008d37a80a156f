// What a package says about itself: where it comes from, how it was made, what is in it.

import type { Feature, ModelDescription } from "./andon.js";
import { byId, el } from "./dom.js";
import { facts, foreignFacts, type Fact } from "./facts.js";
import { label, passage } from "./foreign.js";
import { bytes, count, moment, number } from "./format.js";
import { paged } from "./paged.js";

type Architecture = ModelDescription["architecture"];

export const modelKinds: Record<Architecture["type"], string> = {
  linear_regression: "Linear regression",
  ridge: "Ridge regression",
  lasso: "Lasso",
  elastic_net: "Elastic net",
  logistic_regression: "Logistic regression",
};

function group(title: string, entries: Fact[], empty: string): HTMLElement {
  const content = entries.length > 0 ? facts(entries) : el("p", { class: "quiet" }, empty);
  return el("div", {}, el("h3", {}, title), content);
}

function identity(model: ModelDescription): Fact[] {
  const compatible = { none: "none promised", minor: "minor", major: "major" };
  return [
    ["Model id", el("code", {}, label(model.modelId))],
    ["Version", label(model.version)],
    ["Compatibility", compatible[model.compatibility]],
    ["Format", `.${model.format} ${model.formatVersion}, schema ${model.schemaVersion}`],
  ];
}

function numberFact(name: string, value: number | undefined): Fact[] {
  return value === undefined ? [] : [[name, number(value)]];
}

/** Of how training went: zero is how the format says that nobody noted it. */
function recordedFact(name: string, value: number | undefined): Fact[] {
  return value === 0 ? [] : numberFact(name, value);
}

function architecture({ architecture: what, classes, features }: ModelDescription): Fact[] {
  const intercept = { true: "fitted", false: "none", undefined: "" }[`${what.fitIntercept}`];
  return [
    ["Kind", modelKinds[what.type]],
    ["Features", count(features.length)],
    ...(classes.length > 0 ? [["Classes", count(classes.length)] satisfies Fact] : []),
    ...(intercept ? [["Intercept", intercept] satisfies Fact] : []),
    ...numberFact("Penalty (alpha)", what.alpha),
    ...numberFact("Share of L1", what.l1Ratio),
    ...recordedFact("Learning rate", what.learningRate),
    ...recordedFact("Most iterations", what.maxIter),
    ...recordedFact("Tolerance", what.tolerance),
  ];
}

function trainedAt(seconds: number | undefined): Fact[] {
  if (seconds === undefined) return [];
  const when = moment(seconds);
  return [["Trained", when ? el("time", { datetime: when.iso }, when.text) : String(seconds)]];
}

function provenance({ provenance: from }: ModelDescription): Fact[] {
  return [
    ...trainedAt(from.trainingTimestamp),
    ...foreignFacts([
      ["Training took", from.trainingDuration],
      ["Git commit", from.gitCommit],
      ["Uncommitted changes", from.gitDirty],
      ["Data set hash", from.datasetHash],
      ["Random seed", from.randomSeed],
      ["Platform", from.platform],
      ["Rust", from.rustVersion],
      ["Aprender", from.aprenderVersion],
    ]),
  ];
}

/** A table behind a summary, made when it is first opened. */
function table<T>(
  title: string,
  columns: string[],
  items: readonly T[],
  cells: (item: T) => (Node | string)[],
): HTMLElement[] {
  if (items.length === 0) return [];
  const body = el("tbody");
  const head = el("tr", {}, ...columns.map((name) => el("th", { scope: "col" }, name)));
  const scroller = el(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": title },
    el("table", {}, el("thead", {}, head), body),
  );
  const pages = paged(body, 50);
  const row = (item: T): HTMLElement =>
    el("tr", {}, ...cells(item).map((cell) => el("td", {}, cell)));
  const summary = el("summary", {}, `${title} (${count(items.length)})`);
  const details = el("details", {}, summary, scroller, pages.more);
  details.addEventListener(
    "toggle",
    () => {
      pages.show(items, row);
    },
    { once: true },
  );
  return [details];
}

const featureCells = ({ name, type, nullable }: Feature): (Node | string)[] => [
  passage(name),
  type,
  nullable ? "may be empty" : "required",
];

export function showAbout(model: ModelDescription): void {
  const about = byId("about", HTMLElement);
  const title = byId("about-title", HTMLElement);
  const settings = Object.entries(model.architecture.hyperparameters);
  about.replaceChildren(
    title,
    el(
      "div",
      { class: "groups" },
      group("Model", [...identity(model), ...architecture(model)], ""),
      group("Provenance", provenance(model), "The file says nothing about where it comes from."),
    ),
    el(
      "div",
      { class: "tables" },
      ...table("Features", ["Name", "Type", "Value"], model.features, featureCells),
      ...table("Classes", ["Label"], model.classes, (name) => [passage(name)]),
      ...table("Hyperparameters", ["Name", "Value"], settings, (setting) =>
        setting.map((text) => passage(text)),
      ),
      ...table("Tensors", ["Name", "Type", "Shape"], model.tensors, ({ name, dtype, shape }) => [
        passage(name),
        dtype,
        shape.map(count).join(" × "),
      ]),
      ...table("Files", ["Name", "Size", "SHA-256"], model.files, ({ name, size, sha256 }) => [
        passage(name),
        bytes(size),
        el("code", {}, label(sha256)),
      ]),
    ),
  );
}
