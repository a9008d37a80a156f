// andon inspect FILE

import { type Expert, type LanguageModel, type Model, open, type Opened } from "../index.js";
import { operands, parseVerb } from "./arguments.js";
import { CliError, Exit } from "./errors.js";
import { expertPage, sectionLines } from "./expert-page.js";
import { languagePage } from "./language-page.js";
import { modelPage } from "./model-page.js";
import { policyToLook, TRUST_OPTIONS } from "./policy.js";
import { dumpSignature } from "./signature-dump.js";
import { type Style, styleFor, type Terminal, write } from "./terminal.js";
import { toJsonText } from "./text.js";

const OPTIONS = {
  ...TRUST_OPTIONS,
  "list-sections": { type: "boolean" },
  "dump-metadata": { type: "boolean" },
  "dump-signature": { type: "string" },
  json: { type: "boolean" },
} as const;

interface View {
  "list-sections"?: boolean;
  "dump-metadata"?: boolean;
  json?: boolean;
}

export async function inspect(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("inspect", args, OPTIONS);
  const [file] = operands("inspect", positionals, "FILE");
  const policy = await policyToLook(values, "inspect");
  const folder = values["dump-signature"];
  // First: who doubts a verdict wants the evidence of a bad signature above all.
  if (folder !== undefined) await dumpSignature(file, folder);
  const opened = await open(file, { ...policy, computeSha256: true });
  opened.dispose();
  const style = styleFor(terminal.stdout, terminal.env);
  await write(terminal.stdout, `${textOf(file, opened, values, style)}\n`);
  return Exit.ok;
}

function textOf(file: string, opened: Opened, view: View, style: Style): string {
  if (opened.kind === "expert") return expertText(file, opened, view, style);
  if (view["list-sections"] || view["dump-metadata"]) {
    throw new CliError("KindMismatch", `'${file}' is a model: only experts have sections`);
  }
  return opened.kind === "model"
    ? modelText(file, opened, view, style)
    : languageText(file, opened, view, style);
}

function languageText(file: string, model: LanguageModel, view: View, style: Style): string {
  const { verdict, description, build } = model;
  if (view.json) return toJsonText({ file, verdict, build, ...description }, 2);
  return languagePage(file, model, style);
}

function modelText(file: string, model: Model, view: View, style: Style): string {
  const { verdict, description } = model;
  if (view.json) return toJsonText({ file, verdict, ...description }, 2);
  return modelPage(file, verdict, description, style);
}

function expertText(file: string, expert: Expert, view: View, style: Style): string {
  const { verdict, description } = expert;
  if (view["dump-metadata"]) return toJsonText(description.manifest, 2);
  if (view["list-sections"]) {
    return view.json
      ? toJsonText(description.sections, 2)
      : sectionLines(description.sections, style).join("\n");
  }
  if (view.json) return toJsonText({ file, verdict, ...description }, 2);
  return expertPage(file, verdict, description, style);
}
