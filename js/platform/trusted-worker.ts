// Starting this package's worker where Trusted Types are required.
//
// The constructor of Worker takes a script URL, so `require-trusted-types-for 'script'` wants a policy
// behind it. Ours is named `andon` and vouches for the URLs of our own workers. A page allows it with
// `trusted-types andon`.

/** The part of the Trusted Types API that is used here (W3C, Trusted Types). */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

/** The scripts that were started from here. */
const ours = new Set<string>();

let vouch: ((url: string) => string) | undefined;

/** A named policy can be created once, and not at all where the page does not allow it. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return url;
  if (vouch === undefined) {
    const createScriptURL = (asked: string): string => {
      if (ours.has(asked)) return asked;
      throw new TypeError("not a worker of andon");
    };
    const policy = trustedTypes.createPolicy("andon", { createScriptURL });
    vouch = (asked) => policy.createScriptURL(asked);
  }
  ours.add(url);
  return vouch(url);
}

/** Stands in for the global constructor: bundlers look for exactly `new Worker(new URL(...))`. */
export class TrustedWorker {
  readonly worker: globalThis.Worker;
  constructor(url: URL, options: WorkerOptions) {
    this.worker = new globalThis.Worker(trusted(url.href), options);
  }
}
