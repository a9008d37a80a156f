// JSON that a store keeps and anybody may have changed since: read strictly, for a store that was damaged must not pass
// for an empty one.

import { reasonOf, type AndonError } from "./errors.js";

export type Rules = Readonly<Record<string, (value: unknown) => boolean>>;

/** Makes the error of a store. */
export type Malformed = (how: string, cause?: unknown) => AndonError;

export const isText = (value: unknown): value is string => typeof value === "string";
export const isName = (value: unknown): boolean => isText(value) && value !== "";
export const isFlag = (value: unknown): boolean => typeof value === "boolean";
export const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && Number(value) >= 0;

export function jsonOf(text: string, malformed: Malformed): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(reasonOf(cause), cause);
  }
}

/** An object that has the required members, perhaps the optional ones, and no other. */
export function objectOf(
  value: unknown,
  where: string,
  malformed: Malformed,
  required: Rules,
  optional: Rules = {},
): object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`${where}: not an object`);
  }
  for (const name of Object.keys(required)) {
    if (!Object.hasOwn(value, name)) throw malformed(`${where}: '${name}' is missing`);
  }
  const rules = new Map(Object.entries({ ...required, ...optional }));
  for (const [name, member] of Object.entries(value)) {
    const rule = rules.get(name);
    if (rule === undefined) throw malformed(`${where}: '${name}' is unknown`);
    if (!rule(member)) throw malformed(`${where}: '${name}' has another form`);
  }
  return value;
}

export function unique<T>(
  items: T[],
  where: string,
  malformed: Malformed,
  idOf: (item: T) => string,
): T[] {
  if (new Set(items.map(idOf)).size < items.length) throw malformed(`${where}: one occurs twice`);
  return items;
}
