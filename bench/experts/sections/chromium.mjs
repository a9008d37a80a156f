// Loading and validating in Chromium: the page is given the file as its user would give it.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { launch, renderers } from "../../chromium.mjs";
import { dropFromPageCache, peakBytes } from "../../memory.mjs";
import { trust } from "../keys.mjs";
import { loadTable, validateTable } from "./loading.mjs";

const root = fileURLToPath(new URL("../page/", import.meta.url));
const port = 4175;

/** Memory that the renderers of a browser took at most, together. */
async function renderersPeak(browser) {
  return (await renderers(browser)).reduce((sum, { id }) => sum + peakBytes(id), 0);
}

/** One measurement in a browser that has just begun. */
async function measure(what, path, rounds = 1) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}/`);
    await page.setInputFiles("input", path);
    const before = await renderersPeak(browser);
    if (what.startsWith("cold")) await dropFromPageCache(path);
    const settings = { options: { trust }, rounds };
    const result = await page.evaluate(
      ([name, given]) => globalThis.measurements[name](given),
      [what, settings],
    );
    if (Array.isArray(result)) return result;
    return { ...result, total: result.all, peak: (await renderersPeak(browser)) - before };
  } finally {
    await browser.close();
  }
}

async function served(settings, use) {
  const outDir = join(settings.folder, "page");
  const common = {
    root,
    configFile: false,
    logLevel: "error",
    build: { outDir, target: "esnext" },
  };
  await build(common);
  const server = await preview({ ...common, preview: { port, strictPort: true } });
  try {
    return await use();
  } finally {
    await server.close();
  }
}

export const chromium = (settings) =>
  served(settings, () => loadTable("Chromium: every layer of an expert", measure, settings));

export const chromiumValidate = (settings) =>
  served(settings, () => validateTable("Chromium: open alone", measure, settings));
