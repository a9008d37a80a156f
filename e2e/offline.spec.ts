import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Assistant } from "./assistant.js";
import { Demo, expect, test } from "./page.js";
import { signedExpert } from "./experts.js";
import { Chat, randomModel } from "./language-models.js";
import { file, mixed, packed } from "./packages.js";

test.use({ serviceWorkers: "allow" });

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

async function servedCopy(folder: string) {
  await cp(fromRoot("build/web-demo"), folder, { recursive: true });
  const server = spawn(process.execPath, [fromRoot("web-demo/serve.mjs"), "0", folder]);
  const [url] = (await once(server.stdout, "data")) as [Buffer];
  return { folder, url: url.toString().trim(), stop: () => server.kill() };
}

test("without a network the page loads, opens examples and scores tables", async ({
  demo,
  page,
  context,
}) => {
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const title of ["Iris", "Diabetes", "Iris, signed", "Iris, tampered with"])
    await demo.example(title);
  await expect(demo.verdict).toContainText("Stopped");
  await demo.open(await packed(mixed));
  await demo.score(file("r.csv", "f,i,l,flag,n\n1,1,1,1,1\n"));
  await expect(demo.batch.getByRole("status")).toContainText("1 row predicted");
});

test("without a network experts open, in parts and whole", async ({ demo, page, context }) => {
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await context.setOffline(true);
  await page.reload();
  await page.getByRole("button", { name: "Require their root" }).click();
  await demo.example("SQL expert");
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await expect(page.locator("#adapters")).toContainText("8 layers");
  await page.getByRole("button", { name: "Check every byte" }).click();
  await expect(demo.verdict).toContainText("Every byte accounted for");
  await demo.example("Revoked");
  await expect(page.locator("#refusal")).toHaveText("Revoked");
  await demo.open(await signedExpert());
  await expect(page.locator("#refusal")).toHaveText("SignerUnknown");
});

const isTextBuild = (url: string): boolean => url.includes("/wasm/andon-text");

test("without a network language models run, of whose builds one is kept", async ({
  demo,
  page,
  context,
}) => {
  const keptBuilds = async (): Promise<string[]> => {
    const urls = await page.evaluate(async () => {
      const [name = ""] = await caches.keys();
      return (await (await caches.open(name)).keys()).map(({ url }) => url);
    });
    return urls.filter(isTextBuild).map((url) => url.replace(/.*\//, ""));
  };
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await page.reload(); // from here on the page comes from the service worker
  expect(await keptBuilds()).toEqual([]);
  const chat = new Chat(demo);
  const model = await randomModel();
  await chat.open(model);
  const build = (await page.locator("#about-text code").textContent()) ?? "";
  await expect.poll(keptBuilds).toContain(`${build}.wasm`);
  expect((await keptBuilds()).filter((file) => file.endsWith(".wasm"))).toHaveLength(1);
  await context.setOffline(true);
  await page.reload();
  const again = new Chat(demo);
  await again.open(model);
  await again.set({ Temperature: "0", "Most tokens": "10" });
  await again.send("a b c");
  expect(await again.written()).toContain("tok");
});

test("without a network the assistant answers, once it was opened with one", async ({
  demo,
  page,
  context,
}) => {
  const kept = (): Promise<string[]> =>
    page.evaluate(async () => {
      const [name = ""] = await caches.keys();
      const urls = (await (await caches.open(name)).keys()).map(({ url }) => url);
      return urls.filter((url) => url.includes("/examples/assistant/"));
    });
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await page.reload(); // from here on the page comes from the service worker
  expect(await kept()).toEqual([]);
  await new Assistant(demo).open();
  await expect.poll(kept).toHaveLength(9);
  await context.setOffline(true);
  await page.reload();
  const assistant = new Assistant(demo);
  await assistant.open();
  await assistant.example("SQL");
  await expect(assistant.answer.locator(".said")).toHaveText(/^SELECT /);
  await expect(assistant.card("tampered.expert")).toContainText("ExpertSectionHash");
});

test("without a network an assistant that was never opened is missed", async ({
  demo,
  page,
  context,
  troubles,
}) => {
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await context.setOffline(true);
  await page.reload();
  await page.getByRole("button", { name: "Assistant" }).click();
  await expect(page.locator("#refusal")).toHaveText("SourceUnreadable");
  await expect(demo.verdict).toContainText("could not be read");
  expect(troubles.splice(0)).toContain("console: Failed to load resource: net::ERR_FAILED");
});

test("a build that was never used is missed without a network", async ({
  demo,
  page,
  context,
  troubles,
}) => {
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await context.setOffline(true);
  await page.reload();
  await demo.open(await randomModel());
  await expect(page.locator("#refusal")).toHaveText("StartFailed");
  await expect(demo.verdict).toContainText("Without a network");
  const missed = troubles.splice(0);
  expect(missed).toEqual(["console: Failed to load resource: net::ERR_FAILED"]);
});

test("the build that was used comes with a new version", async ({ page }, info) => {
  const site = await servedCopy(info.outputPath("site"));
  try {
    await page.goto(site.url);
    await expect(page.locator("#offline")).toHaveText("Works offline");
    await page.reload();
    const chat = new Chat(new Demo(page));
    await chat.open(await randomModel());
    const build = (await page.locator("#about-text code").textContent()) ?? "";
    const sw = `${site.folder}/sw.js`;
    const current = await readFile(sw, "utf8");
    await writeFile(sw, current.replace(/"version": "\w+"/, '"version": "next"'));
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect(page.locator("#offline")).toContainText("A new version is ready.");
    const kept = await page.evaluate(async (file) => {
      const cache = await caches.open("andon-next");
      return (await cache.match(file)) !== undefined;
    }, `andon/wasm/${build}.wasm`);
    expect(kept).toBe(true);
  } finally {
    site.stop();
  }
});

test("a build of another version is not used", async ({ page }, info) => {
  const site = await servedCopy(info.outputPath("site"));
  try {
    await page.goto(site.url);
    await expect(page.locator("#offline")).toHaveText("Works offline");
    await page.reload();
    const wasm = `${site.folder}/andon/wasm`;
    for (const name of await readdir(wasm))
      if (name.startsWith("andon-text")) await appendFile(`${wasm}/${name}`, "\0\u0002\u0001a");
    await new Demo(page).open(await randomModel());
    await expect(page.locator("#refusal")).toHaveText("StartFailed");
  } finally {
    site.stop();
  }
});

test("what comes from the cache has the same policy", async ({ demo, page, context }) => {
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await context.setOffline(true);
  const response = await page.reload();
  expect(response?.fromServiceWorker()).toBe(true);
  expect(response?.headers()["content-security-policy"]).toContain("default-src 'none'");
  await expect(demo.verdict).toBeHidden();
});

test("a new version waits until it is asked for, then replaces the old one", async ({
  page,
}, info) => {
  const site = await servedCopy(info.outputPath("site"));
  try {
    await page.goto(site.url);
    await expect(page.locator("#offline")).toHaveText("Works offline");
    const sw = `${site.folder}/sw.js`;
    const current = await readFile(sw, "utf8");
    await writeFile(sw, current.replace(/"version": "\w+"/, '"version": "next"'));
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect(page.locator("#offline")).toContainText("A new version is ready.");
    expect(await page.evaluate(() => caches.keys())).toHaveLength(2);
    await page.getByRole("button", { name: "Use it" }).click();
    await expect(page.locator("#offline")).toHaveText("Works offline");
    await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(["andon-next"]);
  } finally {
    site.stop();
  }
});
