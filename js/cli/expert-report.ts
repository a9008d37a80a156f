// What was written of an expert, for people and as JSON.

import type { ExpertPackReport } from "../index.js";
import { facts } from "./facts.js";
import { type Style, styleFor, type Terminal, write } from "./terminal.js";
import { shown, size, toJsonText } from "./text.js";

export interface Packed {
  file: string;
  report: ExpertPackReport;
  signer: string | null;
}

export async function printPacked(
  packed: Packed,
  json: boolean | undefined,
  terminal: Terminal,
): Promise<void> {
  const text = json
    ? toJsonText(packedJson(packed))
    : packedPage(packed, styleFor(terminal.stdout, terminal.env));
  await write(terminal.stdout, `${text}\n`);
}

export function packedJson({ file, report, signer }: Packed): object {
  return { file, size: report.storedBytes, signer, ...report };
}

function packedPage({ file, report, signer }: Packed, style: Style): string {
  const { name, version, formatVersion, rawBytes, storedBytes, sha256 } = report;
  const percent = ((100 * storedBytes) / rawBytes).toFixed(0);
  const part = storedBytes < rawBytes ? `, ${percent} % of ${size(rawBytes)}` : "";
  const page = facts(
    file,
    [
      ["expert", `${shown(name)} ${shown(version)}`],
      ["format", formatVersion],
      ["size", `${size(storedBytes)}${part}`],
      ["sha256", sha256],
      ["signed by", signer ?? "nobody"],
    ],
    style,
  );
  const notes = notesOn(report).map((note) => `  ${style.yellow(`! ${note}`)}`);
  return [page, ...notes].join("\n");
}

function notesOn({ formatVersion, sections, signatureDropped }: ExpertPackReport): string[] {
  const notes: [holds: boolean, note: string][] = [
    [
      formatVersion.startsWith("1"),
      "Version 1 is deprecated: nothing in it says reliably who made it.",
    ],
    [signatureDropped, "The signature of the old file is not carried over."],
    [
      sections?.every(({ type }) => type !== "params") === true,
      "It has no adapter: there is no adapter_model.safetensors.",
    ],
  ];
  return notes.filter(([holds]) => holds).map(([, note]) => note);
}
