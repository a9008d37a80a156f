// The headers that the page is served with. They are part of the page: whatever a file says, the
// browser runs nothing but the scripts that lie beside index.html.

const policy = {
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'", // the core is WebAssembly; JavaScript's eval stays shut
  "style-src": "'self'",
  "img-src": "'self'",
  "connect-src": "'self'",
  "worker-src": "'self'",
  "manifest-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
  "require-trusted-types-for": "'script'",
  "trusted-types": "andon page", // the package's Worker; the page's own workers
};

/** Alone in its process: what shared memory, and with it threads, ask for. Language models do with one without it. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export const headers = {
  "Content-Security-Policy": Object.entries(policy)
    .map(([name, value]) => `${name} ${value}`)
    .join("; "),
  ...isolation,
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Cache-Control": "no-cache",
};

/** The same for a page that shares its process, as most servers send them. */
export const sharedHeaders = Object.fromEntries(
  Object.entries(headers).filter(([name]) => !(name in isolation)),
);
