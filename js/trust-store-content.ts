// What a trust store holds, as text and as values, and the changes that it may undergo.
//
// The text is JSON, in Node.js a file, in browsers a record of IndexedDB; docs/TRUST_STORE.md has
// its form. Anything else is refused: a store that was damaged must not pass for an empty one.

import { AndonError } from "./errors.js";
import { fromBase64, toBase64 } from "./keys.js";
import { isCount, isFlag, isName, isText, jsonOf, objectOf, unique } from "./stored-json.js";

export interface StoredKey {
  /** Base64. */
  key: string;
  name: string;
  scope: string;
  /** Unix seconds from which the key counts: where it took over from another. */
  since?: number;
  /** The key that took over from this one, in base64. */
  rotatedTo?: string;
}

/** The highest release of an expert that was accepted. */
export interface Release {
  name: string;
  releaseCounter: number;
  signed: boolean;
}

interface StoredList {
  issuer: string;
  number: number;
  bytes: string; // base64
}

export interface TrustContent {
  keys: StoredKey[];
  lists: StoredList[];
  releases: Release[];
}

const format = "andon-trust";
const version = 1;

/** Errors: TrustStoreMalformed. */
export function parseTrust(text: string | undefined): TrustContent {
  if (text === undefined) return { keys: [], lists: [], releases: [] };
  const whole = objectOf(jsonOf(text, malformed), "the whole", malformed, {
    format: (value) => value === format,
    version: (value) => value === version,
    keys: Array.isArray,
    lists: Array.isArray,
    releases: Array.isArray,
  }) as Record<keyof TrustContent, unknown[]>;
  return {
    keys: unique(whole.keys.map(keyOf), "keys", malformed, ({ key }) => key),
    lists: unique(whole.lists.map(listOf), "lists", malformed, ({ issuer }) => issuer),
    releases: unique(whole.releases.map(releaseOf), "releases", malformed, ({ name }) => name),
  };
}

export function trustText(content: TrustContent): string {
  return `${JSON.stringify({ format, version, ...content }, undefined, 2)}\n`;
}

export function withKey(old: TrustContent, key: StoredKey): TrustContent {
  const before = old.keys.find((other) => other.key === key.key);
  const keys = old.keys.filter((other) => other !== before);
  return { ...old, keys: [...keys, { ...before, ...key }] };
}

/** Errors: KeyNotFound. */
export function withoutKey(old: TrustContent, key: string): TrustContent {
  requireKey(old, key);
  return { ...old, keys: old.keys.filter((other) => other.key !== key) };
}

/** Errors: RevocationListRollback. */
export function withList(old: TrustContent, list: StoredList): TrustContent {
  const held = old.lists.find(({ issuer }) => issuer === list.issuer);
  if (held?.bytes === list.bytes) return old;
  if (held !== undefined && held.number >= list.number) {
    throw new AndonError(
      "RevocationListRollback",
      `revocation list: number ${list.number}, and number ${held.number} was seen before`,
    );
  }
  return { ...old, lists: [...old.lists.filter((other) => other !== held), list] };
}

/** Errors: KeyNotFound, RotationRepeated. */
export function withRotation(
  old: TrustContent,
  { from, to, since }: { from: string; to: string; since: number },
): TrustContent {
  const before = requireKey(old, from);
  if (before.rotatedTo === to) return old;
  if (before.rotatedTo !== undefined) {
    throw new AndonError("RotationRepeated", "key rotation: the old key has handed over before");
  }
  const rotated = withKey(old, { ...before, rotatedTo: to });
  const known = old.keys.some(({ key }) => key === to);
  if (known) return rotated;
  return withKey(rotated, { key: to, name: before.name, scope: before.scope, since });
}

/** Whether a release says more than the one that is remembered. */
export function exceeds(release: Release, known: Release): boolean {
  return release.releaseCounter > known.releaseCounter || (release.signed && !known.signed);
}

/** Errors: TrustStoreMalformed, where it is no release. */
export function withRelease(old: TrustContent, release: Release): TrustContent {
  const { name, releaseCounter, signed } = releaseOf(release);
  const known = old.releases.find((other) => other.name === name);
  const highest = {
    name,
    releaseCounter: Math.max(releaseCounter, known?.releaseCounter ?? 0),
    signed: signed || known?.signed === true,
  };
  return { ...old, releases: [...old.releases.filter((other) => other !== known), highest] };
}

export function withoutRelease(old: TrustContent, name: string): TrustContent {
  return { ...old, releases: old.releases.filter((release) => release.name !== name) };
}

function requireKey({ keys }: TrustContent, key: string): StoredKey {
  const found = keys.find((other) => other.key === key);
  if (found !== undefined) return found;
  throw new AndonError("KeyNotFound", `trust store: no key ${key}`);
}

// -- reading what may be anything

function keyOf(value: unknown): StoredKey {
  return objectOf(
    value,
    "keys",
    malformed,
    { key: isKey, name: isText, scope: isName },
    { since: isCount, rotatedTo: isKey },
  ) as StoredKey;
}

function listOf(value: unknown): StoredList {
  return objectOf(value, "lists", malformed, {
    issuer: isKey,
    number: isCount,
    bytes: isBase64,
  }) as StoredList;
}

function releaseOf(value: unknown): Release {
  const rules = { name: isName, releaseCounter: isCount, signed: isFlag };
  return objectOf(value, "releases", malformed, rules) as Release;
}

/** One text for the same bytes, so that texts can be compared. */
function isBase64(value: unknown): value is string {
  if (typeof value !== "string") return false;
  const bytes = fromBase64(value);
  return bytes !== undefined && toBase64(bytes) === value;
}

const isKey = (value: unknown): boolean => isBase64(value) && fromBase64(value)?.length === 32;

function malformed(how: string, cause?: unknown): AndonError {
  return new AndonError("TrustStoreMalformed", `trust store: ${how}`, { cause });
}
