// The adapters of the layers read so far, as numbers to draw.

import type { AdapterModuleSummary, AdapterSummary } from "../andon.js";

export type Module = AdapterModuleSummary;

export interface Column {
  layer: number | null; // null: embed_tokens and lm_head, which belong to no layer
  norm: number; // of all its modules together
  modules: Module[];
}

const order = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj",
  "embed_tokens",
  "lm_head",
];

export class Adapters {
  readonly columns: Column[] = [];
  highest = 0; // norm of a layer
  strongest = 0; // norm of a module

  add({ layer, modules }: AdapterSummary): Column {
    const norms = modules.map(({ norm }) => norm);
    const column = { layer, norm: Math.hypot(...norms), modules };
    this.columns.push(column);
    this.highest = Math.max(this.highest, column.norm);
    this.strongest = Math.max(this.strongest, ...norms);
    return column;
  }

  /** The modules that occur, in the order in which a layer applies them. */
  targets(): string[] {
    const present = new Set<string>(
      this.columns.flatMap(({ modules }) => modules.map((one) => one.target)),
    );
    const known = order.filter((target) => present.delete(target));
    return [...known, ...present];
  }

  rows(): [Column, Module][] {
    return this.columns.flatMap((column) =>
      column.modules.map((module): [Column, Module] => [column, module]),
    );
  }

  /** Each kind with its ranks: "LoRA, rank 8 to 16; IA³". */
  kinds(): string {
    const ranks = new Map<string, { low: number; high: number }>();
    for (const [, { kind, rank }] of this.rows()) {
      const seen = ranks.get(kind) ?? { low: rank, high: rank };
      ranks.set(kind, { low: Math.min(seen.low, rank), high: Math.max(seen.high, rank) });
    }
    return [...ranks]
      .map(([kind, { low, high }]) => {
        if (high === 0) return kindName(kind); // IA³ has no rank
        return `${kindName(kind)}, rank ${low === high ? low : `${low} to ${high}`}`;
      })
      .join("; ");
  }
}

const kinds: Readonly<Record<string, string>> = {
  lora: "LoRA",
  dora: "DoRA",
  ia3: "IA³",
  osd: "OSD",
  lokr: "LoKr",
};

export function kindName(kind: string): string {
  return Object.hasOwn(kinds, kind) ? (kinds[kind] ?? kind) : kind;
}

export function layerName(layer: number | null): string {
  return layer === null ? "Outside the layers" : `Layer ${layer}`;
}
