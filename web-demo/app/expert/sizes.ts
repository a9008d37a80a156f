// Where the bytes of an expert go: its sections, put together by what they are.

import type { Section } from "../andon.js";

export interface SizeGroup {
  type: string;
  sections: number;
  stored: number; // bytes in the file
  raw: number; // bytes once expanded
}

export function sizesByType(sections: readonly Section[]): SizeGroup[] {
  const groups = new Map<string, SizeGroup>();
  for (const { type, storedLength, rawLength } of sections) {
    const group = groups.get(type) ?? { type, sections: 0, stored: 0, raw: 0 };
    group.sections += 1;
    group.stored += storedLength;
    group.raw += rawLength;
    groups.set(type, group);
  }
  return [...groups.values()].sort((a, b) => b.stored - a.stored);
}

export function total(groups: readonly SizeGroup[]): { stored: number; raw: number } {
  return {
    stored: groups.reduce((sum, { stored }) => sum + stored, 0),
    raw: groups.reduce((sum, { raw }) => sum + raw, 0),
  };
}

const names: Readonly<Record<string, string>> = {
  params: "Adapters",
  router: "Router",
  grammar: "Grammar",
  "soft-prompt": "Soft prompts",
  "tokenizer-delta": "Tokenizer changes",
  calibration: "Calibration",
  license: "Licence",
  docs: "Documents",
  metrics: "Metrics",
  "signing-cert": "Certificates",
  attachment: "Attachments",
  extension: "Extensions",
};

/** The types are of a closed list; what is not in it is shown as it is called. */
export function typeName(type: string): string {
  return Object.hasOwn(names, type) ? (names[type] ?? type) : type;
}
