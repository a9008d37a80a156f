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

export const headers = {
  "Content-Security-Policy": Object.entries(policy)
    .map(([name, value]) => `${name} ${value}`)
    .join("; "),
  // Alone in its process: what shared memory, and with it threads, will ask for.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Cache-Control": "no-cache",
};
