// What the page and its CSV worker tell each other.

import type { OpenOptions } from "./andon.js";

export interface ModelFile {
  file: Blob;
  options: Pick<OpenOptions, "trust" | "allowUnsigned" | "allowUnknownSigner">;
}

export interface Job {
  model: ModelFile;
  table: Blob;
}

export interface Preview {
  answers: string[]; // names of the predicted columns
  columns: string[]; // names of the columns of the file, at most `columnsInPreview`
  rows: { line: number; answers: string[]; cells: string[] }[];
  hiddenColumns: number;
  unused: string[]; // columns that are no feature
}

export type Report =
  | { kind: "preview"; preview: Preview }
  | { kind: "progress"; rows: number; share: number }
  | { kind: "done"; rows: number; result: Blob }
  | { kind: "failed"; message: string; line: number | undefined; column: string | undefined };

export const rowsInPreview = 50;
export const columnsInPreview = 12;
