// A revocation list for people.

import type { RevocationListDescription } from "../index.js";
import { labelled } from "./facts.js";
import type { Style } from "./terminal.js";
import { align, plural, shown } from "./text.js";
import { shownTime } from "./time.js";

const KINDS = { serial: "certificate", key: "key", file: "file" } as const;

export function revocationPage(
  file: string,
  list: RevocationListDescription,
  style: Style,
): string {
  const { number, issued, expires, issuer, entries } = list;
  const about = [
    ["number", String(number)],
    ["valid", `${shownTime(issued)} to ${shownTime(expires)}`],
    ["issued by", issuer],
  ] as const;
  const rows = entries.map(({ kind, id, reason, revokedFrom }) => [
    KINDS[kind],
    id,
    reason,
    style.dim(`from ${shownTime(revokedFrom)}`),
  ]);
  return [
    `${style.bold(shown(file))}  ${plural(entries.length, "revocation")}`,
    ...labelled(about, style).map((line) => `  ${line}`),
    "",
    ...align(rows).map((line) => `  ${line}`),
  ].join("\n");
}
