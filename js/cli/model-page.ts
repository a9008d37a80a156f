// Everything a file says about its model, on one page for a person.

import type { ModelDescription, Verdict } from "../index.js";
import type { Style } from "./terminal.js";
import { shownTime } from "./time.js";
import { align, count, shown, size } from "./text.js";
import { acceptedLine } from "./verdict.js";

/** Longer lists are cut: a model can have 65,536 features. `--json` has them all. */
const MOST_LINES = 40;
const MOST_CLASSES = 12;

type Row = readonly string[];

export function modelPage(
  file: string,
  verdict: Verdict,
  model: ModelDescription,
  style: Style,
): string {
  const sections: [title: string, rows: Row[]][] = [
    ["Model", labelled(modelFacts(model), style)],
    [counted("Features", model.features), cut(model.features, featureRow, style)],
    ["Provenance", labelled(provenanceFacts(model.provenance), style)],
    [counted("Tensors", model.tensors), cut(model.tensors, tensorRow, style)],
    [counted("Files", model.files), cut(model.files, (entry) => fileRow(entry, style), style)],
  ];
  return [
    style.bold(shown(file)),
    ...verdictLines(verdict, style).map(indent),
    ...sections
      .filter(([, rows]) => rows.length > 0)
      .flatMap(([title, rows]) => ["", style.bold(title), ...align(rows).map(indent)]),
  ].join("\n");
}

export function verdictLines(verdict: Verdict, style: Style, whole = true): string[] {
  const key = verdict.signer === null ? [] : [`${style.dim("key")} ${shown(verdict.signer)}`];
  return [acceptedLine(verdict, style, whole), ...key];
}

/** Label and value; facts that the file does not state are left out. */
type Facts = readonly (readonly [label: string, value: string | number | boolean | undefined])[];

function modelFacts(model: ModelDescription): Facts {
  const { architecture: made } = model;
  return [
    ["type", made.type.replaceAll("_", " ")],
    ["task", model.task],
    ["classes", model.classes.length === 0 ? undefined : listed(model.classes)],
    ["intercept fitted", made.fitIntercept],
    ["alpha", made.alpha],
    ["l1 ratio", made.l1Ratio],
    ["learning rate", stated(made.learningRate)],
    ["iterations at most", stated(made.maxIter)],
    ["tolerance", stated(made.tolerance)],
    ...Object.entries(made.hyperparameters),
    ["version", model.version],
    ["compatibility", model.compatibility],
    ["id", model.modelId],
    ["format", `${model.format} ${model.formatVersion}, schema ${model.schemaVersion}`],
  ];
}

/** The format writes a parameter of training that nobody stated as zero. */
function stated(parameter: number | undefined): number | undefined {
  return parameter === 0 ? undefined : parameter;
}

function provenanceFacts(provenance: ModelDescription["provenance"]): Facts {
  const { trainingTimestamp: time } = provenance;
  const trained = time === undefined ? undefined : shownTime(time);
  return [
    ["trained", trained],
    ["training took", provenance.trainingDuration],
    ["data set", provenance.datasetHash],
    ["random seed", provenance.randomSeed],
    ["git commit", provenance.gitCommit],
    ["git dirty", provenance.gitDirty],
    ["platform", provenance.platform],
    ["rust", provenance.rustVersion],
    ["aprender", provenance.aprenderVersion],
  ];
}

function featureRow(feature: ModelDescription["features"][number]): Row {
  return [shown(feature.name), feature.type, feature.nullable ? "nullable" : ""];
}

function tensorRow(tensor: ModelDescription["tensors"][number]): Row {
  return [shown(tensor.name), shown(tensor.dtype), tensor.shape.map(count).join(" × ")];
}

function fileRow(entry: ModelDescription["files"][number], style: Style): Row {
  return [shown(entry.name), size(entry.size).padStart(8), style.dim(shown(entry.sha256))];
}

function labelled(facts: Facts, style: Style): Row[] {
  const known = facts.filter(([, value]) => value !== undefined && value !== "");
  const width = Math.max(...known.map(([label]) => shown(label).length), 0);
  return known.map(([label, value]) => [
    style.dim(shown(label).padEnd(width)),
    shown(String(value)),
  ]);
}

function cut<T>(items: readonly T[], row: (item: T) => Row, style: Style): Row[] {
  const rows = items.slice(0, MOST_LINES).map(row);
  const rest = items.length - rows.length;
  return rest > 0 ? [...rows, [style.dim(`… and ${count(rest)} more`)]] : rows;
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_CLASSES;
  const first = names.slice(0, MOST_CLASSES).join(", ");
  return rest > 0 ? `${first}, … and ${count(rest)} more` : first;
}

function counted(title: string, items: readonly unknown[]): string {
  return items.length > 1 ? `${title} (${count(items.length)})` : title;
}

function indent(line: string): string {
  return `  ${line}`.trimEnd();
}
