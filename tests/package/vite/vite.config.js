// The strictest policy that docs/api.md promises.
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types andon",
].join("; ");

export default {
  base: "./",
  build: { target: "es2022" },
  preview: { headers: { "Content-Security-Policy": policy } },
};
