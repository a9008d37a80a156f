// andon tokenize MODEL [TEXT]

import { operands, parseVerb } from "./arguments.js";
import { Exit } from "./errors.js";
import { readAllText } from "./input.js";
import { openText } from "./language.js";
import { MODEL_OPTIONS, modelOptions } from "./language-options.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { align, toJsonText } from "./text.js";

const OPTIONS = {
  ...MODEL_OPTIONS,
  special: { type: "boolean" },
  json: { type: "boolean" },
} as const;

export async function tokenize(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("tokenize", args, OPTIONS);
  const [file, given] = operands("tokenize", positionals, "MODEL", 2);
  const opening = await modelOptions("tokenize", values);
  const text = given === undefined || given === "-" ? await readAllText(terminal) : given;
  const model = await openText(file, opening, terminal);
  try {
    const tokens = await model.encode(text, { special: values.special ?? false });
    const pieces = await model.pieces(tokens);
    const all = Array.from(tokens, (id, i) => ({ id, text: pieces[i] ?? "" }));
    const style = styleFor(terminal.stdout, terminal.env);
    const lines = values.json
      ? [toJsonText(all)]
      : align(all.map((token) => [style.dim(String(token.id)), toJsonText(token.text)]));
    await write(terminal.stdout, lines.map((line) => `${line}\n`).join(""));
  } finally {
    model.dispose();
  }
  return Exit.ok;
}
