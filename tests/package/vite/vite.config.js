export default {
  base: "./",
  optimizeDeps: { exclude: ["andon"] }, // its Worker and its .wasm stay where they are
  build: { target: "es2022", assetsInlineLimit: 0 },
};
