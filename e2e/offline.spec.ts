import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "./page.js";
import { signedExpert } from "./experts.js";
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
