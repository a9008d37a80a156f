import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./page.js";
import { file, flowers, mixed, packed, signer, wide } from "./packages.js";

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual(
    [],
  );
}

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [1280, 360])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" });

      test("the first sight, with the trust form open", async ({ demo, page }) => {
        await page.getByText("Whose signature is required?").click();
        await expect(demo.verdict).toBeHidden();
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("a classifier with everything unfolded and a table", async ({ demo, page }) => {
        await demo.open(await packed(flowers, "m.aprender", signer(1).seed));
        await demo.score(file("t.csv", `a,b,c,d,e\n${"1,2,3,4,5\n".repeat(12)}`));
        await expect(demo.batch.getByRole("status")).toContainText("12 rows predicted");
        for (const details of await demo.about.locator("summary").all()) await details.click();
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("a wide regression with all weights", async ({ demo, page }) => {
        await demo.open(await packed(wide(300)));
        await page.getByRole("button", { name: "Show all 300" }).click();
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("mistakes in the form and in a table", async ({ demo, page }) => {
        await demo.open(await packed(mixed));
        await page.locator("#form").getByLabel("f", { exact: true }).fill("x");
        await demo.score(file("t.csv", "f,i\n1,2\n"));
        await expect(demo.batch.getByRole("alert")).toBeVisible();
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("a refusal", async ({ demo, page }) => {
        await demo.example("Iris, tampered with");
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });
    });

test("by keyboard alone: example, answer, weights, provenance", async ({ demo, page }) => {
  const press = async (until: string): Promise<void> => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const active = document.activeElement as HTMLElement;
        const labels = active instanceof HTMLInputElement ? active.labels : null;
        return labels?.[0]?.textContent ?? active.textContent;
      });
      const seen = await page.evaluate(
        () => getComputedStyle(document.activeElement as Element).outlineStyle !== "none",
      );
      expect(seen, `the focus on "${name}" can be seen`).toBe(true);
      if (name.startsWith(until)) return;
    }
    throw new Error(`the keyboard never reaches "${until}"`);
  };
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await press("Iris which");
  await page.keyboard.press("Enter");
  await expect(page.locator("#verdict-title")).toBeFocused();
  await press("petal_length");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("1.0");
  await press("petal_width");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("0.2");
  await expect(demo.answer.locator(".answer")).toContainText("setosa");
  await press("Features (4)");
  await page.keyboard.press("Enter");
  await expect(demo.about.getByRole("table")).toBeVisible();
});

test("with motion reduced nothing moves on its own", async ({ demo, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await demo.open(await packed(flowers));
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll("*")].filter((one) => {
        const { transitionDuration, animationName } = getComputedStyle(one);
        return transitionDuration !== "0s" || animationName !== "none";
      }).length,
  );
  expect(moving).toBe(0);
});
