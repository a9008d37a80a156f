// Everything a file says about its language model, on one page for a person.

import type { LanguageModel } from "../index.js";
import { type Facts, labelled } from "./facts.js";
import { verdictLines } from "./model-page.js";
import type { Style } from "./terminal.js";
import { count, shown, size } from "./text.js";

export function languagePage(file: string, model: LanguageModel, style: Style): string {
  const { description, verdict, build } = model;
  const parts: [title: string, facts: Facts][] = [
    ["Language model", modelFacts(description)],
    ["Tokenizer", tokenizerFacts(description)],
    [
      "Here",
      [
        ["build", build.name],
        ["why", build.reason],
      ],
    ],
  ];
  return [
    style.bold(shown(file)),
    ...verdictLines(verdict, style).map(indent),
    ...parts.flatMap(([title, facts]) => [
      "",
      style.bold(title),
      ...labelled(facts, style).map(indent),
    ]),
  ].join("\n");
}

type Description = LanguageModel["description"];

function modelFacts(model: Description): Facts {
  const { formatVersion: version } = model;
  return [
    ["name", text(model.name)],
    ["architecture", shown(model.architecture)],
    ["layers", count(model.layers)],
    ["hidden", `${count(model.hidden)}, feed-forward ${count(model.intermediate)}`],
    ["heads", `${count(model.heads)} of ${count(model.headDim)}, keys ${count(model.kvHeads)}`],
    ["context", `${count(model.contextLength)} tokens`],
    ["tensors", tensorTypes(model.tensorTypes)],
    [
      "memory",
      `${size(model.weightBytes)} of weights, and ${cacheOf(model)} for each token of a context`,
    ],
    ["license", text(model.license)],
    ["format", version === null ? model.format : `${model.format} ${version}`],
    ["sha256", text(model.sha256)],
  ];
}

function tokenizerFacts({ tokenizer, vocabulary, chatTemplate }: Description): Facts {
  return [
    ["kind", tokenizer.kind],
    ["tokens", count(vocabulary)],
    ["begins with", tokenizer.addBegin ? `token ${String(tokenizer.begin)}` : "nothing"],
    ["ends with", tokenizer.end === null ? "nothing" : `token ${tokenizer.end}`],
    ["chat template", chatTemplate === null ? "none" : `${count(chatTemplate.length)} characters`],
  ];
}

/** Keys and values of float16. */
function cacheOf({ layers, kvHeads, headDim }: Description): string {
  return size(2 * 2 * layers * kvHeads * headDim);
}

function tensorTypes(types: Description["tensorTypes"]): string {
  return Object.entries(types)
    .map(([type, number]) => `${count(number)} ${shown(type)}`)
    .join(", ");
}

function text(value: string | null): string | undefined {
  return value === null ? undefined : shown(value);
}

function indent(line: string): string {
  return `  ${line}`.trimEnd();
}
