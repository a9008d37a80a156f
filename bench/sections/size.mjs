// What a page downloads to run a classic model: WebAssembly and JavaScript, gzip -9.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const reachKilobytes = 350;
const bench = fileURLToPath(new URL("../", import.meta.url));
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const onnxruntime = join(bench, "node_modules/onnxruntime-web/dist/");

/** `entry` and every module that it imports as it is loaded; what makes packages is imported when one is made. */
async function modulesFrom(entry, found = new Map()) {
  if (found.has(entry)) return found;
  const source = await readFile(entry, "utf8");
  found.set(entry, source);
  for (const [, specifier] of source.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) {
    await modulesFrom(join(dirname(entry), specifier), found);
  }
  return found;
}

const kilobytes = (bytes) => gzipSync(bytes, { level: 9 }).length / 1000;

async function sizes(contender, wasm, modules) {
  const wasmSize = kilobytes(await readFile(wasm));
  const jsSize = modules.reduce((sum, source) => sum + kilobytes(source), 0);
  return { contender, "wasm kB": wasmSize, "JS kB": jsSize, "total kB": wasmSize + jsSize };
}

export async function size() {
  const modules = await modulesFrom(join(dist, "index.js"));
  await modulesFrom(join(dist, "platform/web.js"), modules);
  await modulesFrom(join(dist, "worker.js"), modules);
  const andon = await sizes("andon", join(dist, "wasm/andon.wasm"), [...modules.values()]);
  const ort = await sizes(
    "onnxruntime-web, wasm only",
    join(onnxruntime, "ort-wasm-simd-threaded.wasm"),
    [
      await readFile(join(onnxruntime, "ort.wasm.min.mjs")),
      await readFile(join(onnxruntime, "ort-wasm-simd-threaded.mjs")),
    ],
  );
  return { title: "Download, gzip", results: [{ ...andon, "reach kB": reachKilobytes }, ort] };
}
