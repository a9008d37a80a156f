// Files that join an open assistant.

import type { Source } from "../viewer.js";
import type { ExpertFile, Team } from "./shipped.js";

const kinds = [
  { kind: "base", mark: [0x47, 0x47, 0x55, 0x46] }, // "GGUF"
  { kind: "expert", mark: [0x48, 0x4c, 0x4c, 0x4d, 0x45, 0x58, 0x50, 0] }, // "HLLMEXP"
  { kind: "expert", mark: [0x1f, 0x8b] }, // gzip: version 1
] as const;

async function kindOf(file: File): Promise<"base" | "expert" | undefined> {
  const start = file.slice(0, 8).arrayBuffer();
  const head = new Uint8Array(await start.catch(() => new ArrayBuffer(0))); // a folder, say
  return kinds.find(({ mark }) => mark.every((byte, at) => head[at] === byte))?.kind;
}

function baseOf(parts: File[]): Source | undefined {
  const [first] = parts;
  if (!first || parts.length === 1) return first && { name: first.name, content: first };
  const files = Object.fromEntries(parts.map((part) => [part.name, part]));
  return { name: first.name, content: first, files };
}

/** `undefined`: one of them is neither a base nor an expert, and they are for others. */
export async function joining(files: File[]): Promise<Partial<Team> | undefined> {
  const found = await Promise.all(files.map(kindOf));
  if (found.includes(undefined)) return undefined;
  const base = baseOf(files.filter((_, i) => found[i] === "base"));
  const experts: ExpertFile[] = files
    .filter((_, i) => found[i] === "expert")
    .map((file) => ({ name: file.name, content: file }));
  return { experts, ...(base ? { base } : {}) };
}
