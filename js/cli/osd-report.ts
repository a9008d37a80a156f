// What became of an update, module by module.

import type { OsdFigures, OsdModuleReport, OsdReport, PackedOsdExpert } from "../index.js";
import { type Packed, printPacked } from "./expert-report.js";
import { type Style, styleFor, type Terminal, write } from "./terminal.js";
import { align, plural, shown, size } from "./text.js";

type PackedOsd = Packed & { report: PackedOsdExpert["report"] };

export async function printOsd(
  packed: PackedOsd,
  json: boolean | undefined,
  terminal: Terminal,
): Promise<void> {
  await printPacked(packed, json, terminal);
  if (json === true) return;
  const style = styleFor(terminal.stdout, terminal.env);
  await write(terminal.stdout, `\n${osdPage(packed.report.osd, style)}\n`);
}

function osdPage(osd: OsdReport, style: Style): string {
  const lines = [
    ...(osd.grid.length === 0 ? [] : [...gridTable(osd, style), ""]),
    ...moduleTable(osd, style),
    "",
    summary(osd),
  ];
  if (osd.leftOut.length > 0) lines.push(leftOut(osd.leftOut, style));
  return lines.join("\n");
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function moduleTable({ modules, total }: OsdReport, style: Style): string[] {
  const head = ["layer", "module", "shape", "rank", "factors", ...FIGURES];
  const rows = modules.map((module) => [...describe(module), ...figures(module)]);
  const [titles = "", ...lines] = align([
    head,
    ...rows,
    ["total", "", "", "", "", ...figures(total)],
  ]);
  return [style.bold(titles), ...lines];
}

const FIGURES = ["size", "budget", "energy", "error", "LoRA's error"];

function describe(module: OsdModuleReport): string[] {
  const { layer, outFeatures, inFeatures, rank, factors } = module;
  return [
    layer === null ? "-" : String(layer),
    shown(module.module),
    `${outFeatures} x ${inFeatures}`,
    String(rank),
    factors,
  ];
}

function figures({ bytes, budget, energy, error, loraError }: OsdFigures): string[] {
  return [size(bytes), size(budget), percent(energy), percent(error), percent(loraError)];
}

function gridTable({ grid, relaxedRank, sparsity }: OsdReport, style: Style): string[] {
  const rows = grid.map((cell) => {
    const best = cell.relaxedRank === relaxedRank && cell.sparsity === sparsity;
    return [
      String(cell.relaxedRank),
      String(cell.sparsity),
      cell.bytes === null ? "beyond the budget" : size(cell.bytes),
      cell.error === null ? "" : percent(cell.error),
      best ? "taken" : "",
    ];
  });
  const [titles = "", ...lines] = align([["rank", "sparsity", "size", "error", ""], ...rows]);
  return [style.bold(titles.trimEnd()), ...lines.map((line) => line.trimEnd())];
}

function summary({ rank, relaxedRank, sparsity, importance, dtype, modules }: OsdReport): string {
  const residual = sparsity > 0 ? `, a residual of ${percent(sparsity)}` : "";
  return (
    `${plural(modules.length, "module")} in the size of a LoRA of rank ${rank} in ${dtype}: ` +
    `at most ${plural(relaxedRank, "singular vector")} each${residual}, chosen by ${importance}.`
  );
}

function leftOut(weights: readonly string[], style: Style): string {
  const [first = ""] = weights;
  const more = weights.length === 1 ? "" : ` and ${weights.length - 1} more`;
  return style.yellow(`! Changed, but beyond what an adapter can say: ${shown(first)}${more}.`);
}
