// Addresses of scripts pass a Trusted Types policy that knows the page's own two and no other.

interface Policy {
  createScriptURL(url: string): string;
}
interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}
declare global {
  interface Window {
    trustedTypes?: PolicyFactory; // not in every browser
  }
}

const own = new Map(
  ["../sw.js", "../workers/csv-worker.js"].map((path) => [
    path,
    new URL(path, import.meta.url).href,
  ]),
);

const rules: Policy = {
  createScriptURL(path) {
    const url = own.get(path);
    if (url === undefined) throw new TypeError(`not a script of this page: ${path}`);
    return url;
  },
};
const policy = window.trustedTypes?.createPolicy("page", rules) ?? rules;

export const serviceWorkerUrl = (): string => policy.createScriptURL("../sw.js");
export const csvWorkerUrl = (): string => policy.createScriptURL("../workers/csv-worker.js");
