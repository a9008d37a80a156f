import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "./page.js";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

test.use({ viewport: { width: 1200, height: 1310 }, serviceWorkers: "allow" });

test("the page with a signed model", async ({ demo, page }) => {
  const key = readFileSync(fromRoot("examples/demo-key.pub.pem"), "utf8");
  await page.getByText("Whose signature is required?").click();
  await page.getByLabel("Ed25519 public key").fill(key);
  await page.getByLabel("What to call its owner").fill("Andon’s examples");
  await page.getByRole("button", { name: "Require this key" }).click();
  await page.getByText("Whose signature is required?").click();
  await demo.example("Iris, signed");
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await expect(demo.answer.getByRole("listitem")).toHaveCount(3);
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  await page.screenshot({ path: fromRoot("docs/images/demo.png"), animations: "disabled" });
});
