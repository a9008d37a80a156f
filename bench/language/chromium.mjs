// A contender in a Chromium of its own, with the processor time and the memory of its renderers.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { launch, renderers } from "../chromium.mjs";
import { peakBytes } from "../memory.mjs";

const root = fileURLToPath(new URL("page/", import.meta.url));
const port = 4176;
/** What shared memory, and with it threads, ask for. */
const isolated = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Serves the page while `use` runs. */
export async function withPage(folder, use) {
  const common = {
    root,
    configFile: false,
    logLevel: "error",
    build: { outDir: join(folder, "page"), emptyOutDir: true, target: "esnext" },
    worker: { format: "es" },
  };
  await build(common);
  const server = await preview({
    ...common,
    preview: { port, strictPort: true, headers: isolated },
  });
  try {
    return await use();
  } finally {
    await server.close();
  }
}

/** As processes/native.mjs: load(), complete(settings), close(). */
export async function startInChromium(name, path, settings) {
  const browser = await launch();
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(`http://localhost:${port}/`);
  await page.setInputFiles("input", path);
  const cpuSeconds = async () =>
    (await renderers(browser)).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  const measured = async (run) => {
    const before = await cpuSeconds();
    const result = await run();
    return { ...result, cpu: (await cpuSeconds()) - before };
  };
  return {
    load: () =>
      measured(() => page.evaluate((given) => globalThis.load(...given), [name, settings])),
    complete: (given) =>
      measured(() => page.evaluate((asked) => globalThis.complete(asked), given)),
    // The page's: the browser has small ones of its own.
    peak: async () => Math.max(...(await renderers(browser)).map(({ id }) => peakBytes(id))),
    close: () => browser.close(),
  };
}
