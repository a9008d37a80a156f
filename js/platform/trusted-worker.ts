// Starting this package's worker where Trusted Types are required.
//
// The constructor of Worker takes a script URL, so `require-trusted-types-for 'script'` wants a policy
// behind it. Ours is named `andon` and vouches for one URL: that of our own worker. A page allows it
// with `trusted-types andon`.

/** The part of the Trusted Types API that is used here (W3C, Trusted Types). */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

let vouch: ((url: string) => string) | undefined;

/** A named policy can be created once, and not at all where the page does not allow it. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return url;
  if (vouch === undefined) {
    const createScriptURL = (asked: string): string => {
      if (asked === url) return asked;
      throw new TypeError("not the worker of andon");
    };
    const policy = trustedTypes.createPolicy("andon", { createScriptURL });
    vouch = (asked) => policy.createScriptURL(asked);
  }
  return vouch(url);
}

/** Stands in for the global constructor below: bundlers look for exactly `new Worker(new URL(...))`. */
class TrustedWorker {
  readonly worker: globalThis.Worker;
  constructor(url: URL, options: WorkerOptions) {
    this.worker = new globalThis.Worker(trusted(url.href), options);
  }
}

export function createWorker(): globalThis.Worker {
  const Worker = TrustedWorker;
  return new Worker(new URL("../worker.js", import.meta.url), { type: "module" }).worker;
}
