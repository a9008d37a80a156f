// What makes a model a handle: it cannot be forged, and it lets go of its memory when told or collected.

import { AndonError } from "./errors.js";

/** Known inside this package only; a constructor that gets it was called by us. */
export const ours = Symbol("andon");

export function requireOurs(token: symbol): void {
  if (token === ours) return;
  throw new AndonError("InvalidArgument", "a model comes from open() or openInThread()");
}

const { dispose: native } = Symbol as { dispose?: typeof Symbol.dispose };
/** `Symbol.dispose`; where the platform is too old to have it, the symbol that polyfills agree on. */
export const dispose: typeof Symbol.dispose =
  native ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);

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

const busy = new Set<object>();

/** Waits for `call`; meanwhile `handle` is not collected, and what it owns not released. */
export async function holding<T>(handle: object, call: Promise<T> | T): Promise<T> {
  busy.add(handle);
  try {
    return await call;
  } finally {
    busy.delete(handle); // another call of the same handle still holds it by its own frame
  }
}
