import { expect, test } from "./page.js";
import { file, mixed, packed } from "./packages.js";

test.use({ serviceWorkers: "allow" });

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

test("what comes from the cache has the same policy", async ({ demo, page, context }) => {
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await context.setOffline(true);
  const response = await page.reload();
  expect(response?.fromServiceWorker()).toBe(true);
  expect(response?.headers()["content-security-policy"]).toContain("default-src 'none'");
  await expect(demo.verdict).toBeHidden();
});

test("a new version waits until it is asked for, then replaces the old one", async ({
  demo,
  page,
  context,
}) => {
  await expect(page.locator("#offline")).toHaveText("Works offline");
  const current = await (await page.request.get("/sw.js")).text();
  const next = current.replace(/"version": "\w+"/, '"version": "next"');
  await context.route("**/sw.js", (route) =>
    route.fulfill({ body: next, contentType: "text/javascript" }),
  );
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect(page.locator("#offline")).toContainText("A new version is ready.");
  expect(await page.evaluate(() => caches.keys())).toHaveLength(2);
  const reloaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Use it" }).click();
  await reloaded;
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(["andon-next"]);
  await expect(demo.verdict).toBeHidden();
});
