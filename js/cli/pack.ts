// andon pack DESCRIPTION.json

import { createHash } from "node:crypto";
import { extname } from "node:path";
import { pack as makePackage, type PackOptions } from "../index.js";
import { operands, parseVerb } from "./arguments.js";
import { readDescription } from "./description.js";
import { Exit, UsageError } from "./errors.js";
import { isFolder } from "./folder.js";
import { readWhole } from "./input.js";
import { requireFree, saveWhole } from "./output.js";
import { EXPERT_OPTIONS, packExpert } from "./pack-expert.js";
import { readPrivateKey } from "./private-key.js";
import { type Style, styleFor, type Terminal, write } from "./terminal.js";
import { align, shown, size, toJsonText } from "./text.js";

const OPTIONS = {
  ...EXPERT_OPTIONS,
  output: { type: "string", short: "o" },
  weights: { type: "string" },
  attach: { type: "string", multiple: true },
  "sign-key": { type: "string" },
  force: { type: "boolean", short: "f" },
  json: { type: "boolean" },
} as const;

/** What was written, as --json prints it. */
interface Packed {
  file: string;
  size: number;
  sha256: string;
  modelId: string;
  signer: string | null;
}

const MODEL_ONLY = ["weights", "attach"] as const;
const EXPERT_ONLY = (Object.keys(EXPERT_OPTIONS) as (keyof typeof EXPERT_OPTIONS)[]).filter(
  (name) => name !== "sign-key",
);

function refuseOptions<Name extends string>(
  values: Partial<Record<Name, unknown>>,
  names: readonly Name[],
  whose: string,
): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given === undefined) return;
  throw new UsageError(`pack: --${given} is for ${whose} only`, "pack");
}

interface ModelValues {
  output?: string;
  weights?: string;
  attach?: string[];
  "sign-key"?: string;
  force?: boolean;
  json?: boolean;
}

export async function pack(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("pack", args, OPTIONS);
  const [file] = operands("pack", positionals, "FOLDER or DESCRIPTION");
  if (await isFolder(file)) {
    refuseOptions(values, MODEL_ONLY, "models");
    return packExpert(file, values, terminal);
  }
  refuseOptions(values, EXPERT_ONLY, "experts");
  return packModel(file, values, terminal);
}

async function packModel(file: string, values: ModelValues, terminal: Terminal): Promise<number> {
  const path = values.output ?? packageName(file);
  const options: PackOptions = { attachments: await readAttachments(values.attach ?? []) };
  if (values.force !== true) await requireFree(path);
  const description = await readDescription(file);
  if (values.weights !== undefined) options.weights = await readWhole(values.weights);
  const key = values["sign-key"];
  const signing = key === undefined ? undefined : await readPrivateKey(key, terminal, "pack");
  if (signing !== undefined) options.signingKey = signing.seed;

  const bytes = await makePackage(description, options);
  await saveWhole(path, bytes);
  const packed: Packed = {
    file: path,
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    modelId: description.model_id,
    signer: signing?.publicKey ?? null,
  };
  const style = styleFor(terminal.stdout, terminal.env);
  await write(terminal.stdout, values.json ? `${toJsonText(packed)}\n` : page(packed, style));
  return Exit.ok;
}

/** "iris.json" becomes "iris.aprender" beside it. */
function packageName(description: string): string {
  const stem = description.slice(0, description.length - extname(description).length);
  const name = `${stem}.aprender`;
  if (name !== description) return name;
  throw new UsageError(`pack: '${description}' is a package, not a description of one`, "pack");
}

/** Each argument is NAME=FILE. */
async function readAttachments(given: readonly string[]): Promise<Record<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const argument of given) {
    const equals = argument.indexOf("=");
    const name = argument.slice(0, Math.max(equals, 0));
    const path = argument.slice(equals + 1);
    if (name === "" || path === "") {
      throw new UsageError(`pack: --attach takes NAME=FILE, not '${argument}'`, "pack");
    }
    if (files.has(name)) throw new UsageError(`pack: '${name}' is attached twice`, "pack");
    files.set(name, await readWhole(path));
  }
  return Object.fromEntries(files);
}

function page(packed: Packed, style: Style): string {
  const facts = [
    ["size", size(packed.size)],
    ["sha256", packed.sha256],
    ["model id", shown(packed.modelId)],
    ["signed by", packed.signer ?? "nobody"],
  ] as const;
  const labels = align(facts.map(([label]) => [label, ""]));
  return [
    `${style.green("✔")} ${style.bold(shown(packed.file))}`,
    ...facts.map(([, value], i) => `  ${style.dim(labels[i] ?? "")}${value}`),
    "",
  ].join("\n");
}
