// What a language model says of itself, and which of Andon's builds runs it.

import type { LanguageModel } from "../andon.js";
import { el } from "../dom.js";
import { dataTable, unfolded } from "../expert/table.js";
import { facts, foreignFacts, type Fact } from "../facts.js";
import { label, lines } from "../foreign.js";
import { bytes, count, plural } from "../format.js";

type Description = LanguageModel["description"];

function identity(model: Description): Fact[] {
  const format = model.format === "gguf" ? `GGUF ${model.formatVersion ?? ""}` : "safetensors";
  return [
    ...foreignFacts([["Name", model.name ?? undefined]]),
    ["Architecture", label(model.architecture)],
    ...foreignFacts([["Licence", model.license ?? undefined]]),
    ["Format", format],
    ["Weights", bytes(model.weightBytes)],
  ];
}

function shape(model: Description): Fact[] {
  const shared = model.kvHeads < model.heads ? `, ${count(model.kvHeads)} for keys and values` : "";
  return [
    ["Layers", count(model.layers)],
    ["Width", `${count(model.hidden)}, ${count(model.intermediate)} inside`],
    ["Heads", `${count(model.heads)} of ${count(model.headDim)}${shared}`],
    ["Context", plural(model.contextLength, "token")],
  ];
}

function tokenizer({ tokenizer: how, vocabulary, chatTemplate }: Description): Fact[] {
  const kinds = { bpe: "Byte-level BPE", sentencepiece: "SentencePiece BPE" };
  return [
    ["Tokenizer", kinds[how.kind]],
    ["Vocabulary", plural(vocabulary, "token")],
    ["Chat template", chatTemplate === null ? "None: it goes on with texts" : "Its own"],
  ];
}

function running({ build }: LanguageModel): Fact[] {
  return [
    ["Build", el("code", {}, build.name)],
    ["Why", build.reason],
  ];
}

const group = (title: string, entries: Fact[]): HTMLElement =>
  el("div", {}, el("h3", {}, title), facts(entries));

function types({ tensorTypes }: Description): HTMLElement {
  const all = Object.entries(tensorTypes);
  const { scroller, body } = dataTable("Types of tensors", ["Type", "Tensors"]);
  return unfolded(`Types of tensors (${count(all.length)})`, [scroller], () => {
    body.replaceChildren(
      ...all.map(([type, tensors]) =>
        el("tr", {}, el("th", { scope: "row" }, label(type)), el("td", {}, count(tensors))),
      ),
    );
  });
}

function template({ chatTemplate }: Description): HTMLElement[] {
  if (chatTemplate === null) return [];
  return [unfolded("Chat template", [lines("Chat template", chatTemplate)], () => undefined)];
}

export function aboutModel(model: LanguageModel): HTMLElement[] {
  const { description } = model;
  return [
    el(
      "div",
      { class: "groups" },
      group("Model", identity(description)),
      group("Shape", shape(description)),
      group("Texts", tokenizer(description)),
      group("Which build runs", running(model)),
    ),
    el("div", { class: "tables" }, types(description), ...template(description)),
  ];
}
