// Values as callers give them. Classes are told by tag, as `instanceof` fails for objects of another
// realm, such as a frame.

import { AndonError, reasonOf } from "./errors.js";

export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

export function isBytes(value: unknown): value is Uint8Array {
  return tagOf(value) === "Uint8Array";
}

/** Errors: InvalidArgument. */
export function requireBytes(what: string, value: unknown): void {
  if (!isBytes(value)) throw new AndonError("InvalidArgument", `${what}: not a Uint8Array`);
}

/** Errors: InvalidArgument. */
export function jsonOf(what: string, value: unknown): string {
  try {
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) return text;
  } catch (cause) {
    throw new AndonError("InvalidArgument", `${what}: ${reasonOf(cause)}`, { cause });
  }
  throw new AndonError("InvalidArgument", `${what}: not an object`);
}
