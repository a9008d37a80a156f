// What a trust store holds, for people.

import {
  readRevocationList,
  type Release,
  type RevocationListDescription,
  type StoredKey,
  type TrustStore,
} from "../index.js";
import type { Style } from "./terminal.js";
import { align, count, plural, shown } from "./text.js";
import { shownTime } from "./time.js";

export interface TrustHeld {
  keys: readonly StoredKey[];
  lists: readonly RevocationListDescription[];
  releases: readonly Release[];
}

export async function readTrust(store: TrustStore): Promise<TrustHeld> {
  const lists = await Promise.all((await store.lists()).map(readRevocationList));
  return { keys: await store.keys(), lists, releases: await store.releases() };
}

export function trustPage({ keys, lists, releases }: TrustHeld, style: Style): string {
  const parts = [
    part(
      "Keys",
      keys.map((key) => keyRow(key, style)),
      style,
    ),
    part(
      "Revocation lists",
      lists.map((list) => listRow(list, keys, style)),
      style,
    ),
    part("Releases accepted", releases.map(releaseRow), style),
  ];
  const text = parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return text.length === 0 ? "Nobody is trusted yet." : text.join("\n\n");
}

function part(title: string, rows: readonly (readonly string[])[], style: Style): string[] {
  if (rows.length === 0) return [];
  return [style.bold(title), ...align(rows).map((line) => `  ${line}`.trimEnd())];
}

function keyRow({ key, name, scope, since, rotatedTo }: StoredKey, style: Style): string[] {
  const notes = [
    ...(since === undefined ? [] : [`since ${shownTime(since)}`]),
    ...(rotatedTo === undefined ? [] : ["handed over"]),
  ];
  return [
    shown(nameOr(name)),
    shown(scope),
    key,
    notes.length === 0 ? "" : style.dim(notes.join(", ")),
  ];
}

function listRow(
  { issuer, number, expires, entries }: RevocationListDescription,
  keys: readonly StoredKey[],
  style: Style,
): string[] {
  const name = keys.find(({ key }) => key === issuer)?.name;
  return [
    shown(name ?? issuer),
    `number ${count(number)}`,
    plural(entries.length, "revocation"),
    style.dim(`until ${shownTime(expires)}`),
  ];
}

function releaseRow({ name, releaseCounter, signed }: Release): string[] {
  return [shown(name), `release ${count(releaseCounter)}`, signed ? "signed" : "not signed"];
}

function nameOr(name: string): string {
  return name === "" ? "(no name)" : name;
}
