// What makes a model a handle: it cannot be forged, and it lets go of its memory when told or collected.

import { AndonError } from "./errors.js";

/** Known inside this package only; a constructor that gets it was called by us. */
export const ours = Symbol("andon");

export function requireOurs(token: symbol): void {
  if (token === ours) return;
  throw new AndonError("InvalidArgument", "a model comes from open() or openInThread()");
}

/** `Symbol.dispose`, also where the platform is too old to have it. */
export const dispose = (Symbol.dispose ?? Symbol.for("Symbol.dispose")) as typeof Symbol.dispose;

const forgotten = new FinalizationRegistry<() => void>((release) => {
  release();
});

/** Calls `release` once: from the function returned, or after `handle` was collected. */
export function ownedBy(handle: WeakKey, release: () => void): () => void {
  const token = {};
  forgotten.register(handle, release, token);
  return () => {
    if (forgotten.unregister(token)) release();
  };
}
