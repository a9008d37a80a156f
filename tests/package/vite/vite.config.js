// The strictest policy that docs/api.md promises.
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types andon",
].join("; ");

// Isolated, so that language models have threads.
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default {
  base: "./",
  build: { target: "es2022", rolldownOptions: { input: ["index.html", "language.html"] } },
  server: { headers: isolation },
  preview: { headers: { "Content-Security-Policy": policy, ...isolation } },
};
