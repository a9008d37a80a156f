import { fileURLToPath } from "node:url";
import { expect, test } from "./page.js";

const path = fileURLToPath(new URL("../docs/images/demo.png", import.meta.url));

test.use({ viewport: { width: 1200, height: 1180 } });

test("the page with a signed model", async ({ demo, page }) => {
  await demo.example("Iris, signed");
  await page.getByRole("button", { name: "Require this signer from now on" }).click();
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await expect(demo.answer.getByRole("listitem")).toHaveCount(3);
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  await page.screenshot({ path, animations: "disabled" });
});
