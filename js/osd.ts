// Making OSD experts: docs/OSD_GUIDE.md.

import type { OsdJob } from "./core-packing.js";
import { AndonError } from "./errors.js";
import {
  type ExpertFile,
  type ExpertPackOptions,
  type ExpertPackReport,
  make,
  type PackedExpert,
} from "./expert-pack.js";

type Files = Readonly<Record<string, ExpertFile>>;

/** Files by their paths in their folder. */
export type OsdSource =
  /** A PEFT folder of a LoRA. */
  | { adapter: Files }
  /** A package of a LoRA, of either version. */
  | { expert: ExpertFile }
  /** A model and one that was fine-tuned from it, as Hugging Face stores them. */
  | {
      base: Files;
      tuned: Files;
      /** What else the expert shall have: expert.json, grammar.gbnf, LICENSE. */
      extra?: Files;
      /** What the base is called, where the metadata do not say it. */
      baseName?: string;
    };

export interface OsdOptions extends Omit<ExpertPackOptions, "version"> {
  /** The budget: the size of a LoRA of this rank in `dtype`. Default: 8. */
  rank?: number;
  /** How sizes are measured: compressed as in the package, or in memory. Default: `stored`. */
  size?: "stored" | "memory";
  /** k, the rank of the factors before entries are left out. Default: twice `rank`. */
  relaxedRank?: number;
  /** Share of the update's entries that a sparse residual keeps, 0 to 1. Default: 0. */
  sparsity?: number;
  /** Weight of the residual, between 0 and 1. Default: 0.5. */
  blend?: number;
  /** How the residual lies. Default: `csr`. */
  sparseFormat?: "csr" | "csc";
  /** Default: `F16`. */
  dtype?: "F32" | "F16" | "BF16";
  /**
   * Tries every pair of relaxed rank and sparsity and takes the one with the smallest error; `true`:
   * ranks 8, 12, 16 and 24, sparsities 0, 0.01, 0.05, 0.1 and 0.2.
   */
  grid?: boolean | { ranks: readonly number[]; sparsities: readonly number[] };
  /** Gradients of a loss by the weights, safetensors, of the weights' names and shapes. */
  gradients?: ExpertFile;
}

export interface OsdFigures {
  /** As `size` measures them: of what was made, and of a LoRA of `rank`. */
  bytes: number;
  budget: number;
  memoryBytes: number;
  factorValues: number;
  residualValues: number;
  /** Share of the update's squared norm in its k largest singular values. */
  energy: number;
  /** Of what is stored, against the update: relative, in the Frobenius norm. */
  error: number;
  /** Likewise of the best approximation of `rank`, which no LoRA of that rank improves on. */
  loraError: number;
  svd: "exact" | "randomised";
}

export interface OsdModuleReport extends OsdFigures {
  /** Null outside the layers. */
  layer: number | null;
  module: string;
  inFeatures: number;
  outFeatures: number;
  rank: number;
  factors: "dense" | "sparse";
}

export interface OsdGridCell {
  relaxedRank: number;
  sparsity: number;
  /** Whether the budget holds it; otherwise bytes and error are null. */
  fits: boolean;
  bytes: number | null;
  error: number | null;
}

export interface OsdReport {
  rank: number;
  relaxedRank: number;
  sparsity: number;
  /** Null without a residual. */
  blend: number | null;
  sparseFormat: "csr" | "csc";
  dtype: "F32" | "F16" | "BF16";
  size: "stored" | "memory";
  importance: "magnitude" | "gradient";
  modules: OsdModuleReport[];
  total: OsdFigures;
  grid: OsdGridCell[];
  /** Weights that fine-tuning changed and no adapter can: norms, biases. */
  leftOut: string[];
}

export interface PackedOsdExpert extends PackedExpert {
  report: ExpertPackReport & { osd: OsdReport };
}

const DEFAULT_RANK = 8;
const MOST_COMPRESSION = 19;
const DEFAULT_GRID = { ranks: [8, 12, 16, 24], sparsities: [0, 0.01, 0.05, 0.1, 0.2] };

/**
 * Makes an OSD expert (Alipour and Amiri, "Optimal Singular Damage", arXiv 2511.02681): singular
 * vectors of the update of which the most important entries are kept, within the size of a LoRA.
 * Memory is that of one module. Works in Node.js, pages and workers, in this thread.
 *
 * @throws AndonError as `packExpert`; `PeftUnsupported` where the adapter is no LoRA;
 *   `BaseShapeMismatch`, `TensorMissing`, `TensorDtype` where two models do not belong together;
 *   `InvalidArgument` where the budget does not hold what was asked for
 */
export async function convertToOsd(
  source: OsdSource,
  options: OsdOptions = {},
): Promise<PackedOsdExpert> {
  const { dtype = "F16", compressionLevel = MOST_COMPRESSION, gradients } = options;
  const files = filesOf(source);
  if (gradients !== undefined) files.set("gradients", gradients);
  const made = await make(
    "osd",
    files,
    { ...options, dtype, compressionLevel },
    2,
    jobOf(source, options),
  );
  return made as PackedOsdExpert;
}

function jobOf(source: OsdSource, options: OsdOptions): OsdJob {
  const { rank = DEFAULT_RANK, sparsity = 0, blend = 0.5, sparseFormat = "csr", grid } = options;
  const { relaxedRank = 2 * rank } = options;
  for (const number of [rank, relaxedRank]) requireRank(number);
  const { ranks, sparsities } = gridOf(grid);
  for (const number of ranks) requireRank(number);
  const baseName = "base" in source ? (source.baseName ?? "") : "";
  return {
    rank,
    relaxedRank,
    sparsity,
    blend,
    byColumn: sparseFormat === "csc",
    inMemory: options.size === "memory",
    grid: { ranks, sparsities },
    baseName,
  };
}

function gridOf(grid: OsdOptions["grid"]): OsdJob["grid"] {
  if (typeof grid === "object") return grid;
  return grid === true ? DEFAULT_GRID : { ranks: [], sparsities: [] };
}

/** What WebAssembly would round. The core checks the range. */
function requireRank(rank: number): void {
  if (Number.isInteger(rank) && rank >= 0) return;
  throw new AndonError("InvalidArgument", `osd: a rank of ${rank}`);
}

function filesOf(source: OsdSource): Map<string, ExpertFile> {
  if ("expert" in source) return new Map([["package", source.expert]]);
  const folders = "adapter" in source ? { adapter: source.adapter } : foldersOf(source);
  return new Map(
    Object.entries(folders).flatMap(([folder, files]) =>
      Object.entries(files).map(([path, file]) => [`${folder}/${path}`, file] as const),
    ),
  );
}

function foldersOf({ base, tuned, extra = {} }: Extract<OsdSource, { base: Files }>): {
  base: Files;
  tuned: Files;
  extra: Files;
} {
  return { base, tuned, extra };
}
