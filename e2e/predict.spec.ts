import type { Page } from "@playwright/test";
import { expect, test } from "./page.js";
import { flowers, mixed, packed, wide } from "./packages.js";

function field(page: Page, name: string) {
  return page.locator("#form").getByLabel(new RegExp(`^${name}\\b`));
}

test("a classifier answers as one types, with a bar for each class", async ({ demo, page }) => {
  await demo.open(await packed(flowers));
  await field(page, "b").fill("4");
  await expect(demo.answer.locator(".answer")).toHaveText("versicolor");
  const logits = [0.25 - 4, 12, -0.25 - 4];
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const share = ((Math.exp(12) / total) * 100).toFixed(1).replace(".0", "");
  await expect(demo.answer.getByRole("listitem").nth(1)).toContainText(`${share}%`);
  await field(page, "c").pressSequentially("9");
  await expect(demo.answer.locator(".answer")).toHaveText("virginica");
});

test("a regression answers with each type of feature", async ({ demo, page }) => {
  await demo.open(await packed(mixed));
  await expect(demo.answer).toContainText("No prediction: a value is empty.");
  await field(page, "n").fill("0.5");
  await field(page, "flag").check();
  await field(page, "f").fill("1.5e1");
  await field(page, "i").fill("-3");
  await field(page, "l").fill("10");
  await expect(demo.answer.locator(".answer")).toHaveText("90.5"); // 30 − 9 − 40 + 100 + 2.5 + 7
  await field(page, "flag").uncheck();
  await expect(demo.answer.locator(".answer")).toHaveText("−9.5");
});

test("what may be empty can be cleared again", async ({ demo, page }) => {
  await demo.open(await packed(mixed));
  await field(page, "n").fill("1");
  await field(page, "flag").check();
  await expect(demo.answer.locator(".answer")).toHaveText("112");
  await page.getByRole("button", { name: "Clear n" }).click();
  await expect(demo.answer).toContainText("a value is empty");
  await expect(field(page, "n")).toBeFocused();
  await field(page, "n").fill("1");
  await page.getByRole("button", { name: "Clear flag" }).click();
  await expect(demo.answer).toContainText("a value is empty");
  await expect(field(page, "flag")).toBeChecked({ indeterminate: true });
});

for (const [name, text, problem] of [
  ["f", "1,5", "This is not a number."],
  ["f", "1e999", "This is too large."],
  ["f", "", "This needs a value."],
  ["i", "1.5", "This is not a whole number."],
  ["i", "2147483648", "This does not fit in 32 bits."],
  ["l", "9223372036854775808", "This does not fit in 64 bits."],
  ["n", "3.5e38", "This is too large."],
] as const)
  test(`"${text}" is no value for ${name}, and the field says why`, async ({ demo, page }) => {
    await demo.open(await packed(mixed));
    await field(page, name).fill(text);
    await expect(field(page, name)).toHaveAttribute("aria-invalid", "true");
    await expect(field(page, name)).toHaveAccessibleDescription(problem);
    await expect(demo.answer).toContainText(`look at ${name}`);
    await field(page, name).fill("1");
    await expect(field(page, name)).toHaveAccessibleDescription("");
  });

test("the largest int64 is taken as it is", async ({ demo, page }) => {
  await demo.open(await packed(mixed));
  await field(page, "l").fill("9223372036854775807");
  await field(page, "n").fill("0");
  await field(page, "flag").check();
  await expect(demo.answer.locator(".answer")).toHaveText("−3.689e19");
});

test("the answer is spoken once typing pauses", async ({ demo, page }) => {
  await demo.open(await packed(flowers));
  await field(page, "b").fill("4");
  await expect(page.locator("#outcome-spoken")).toHaveText(/^Prediction: versicolor, 100%$/);
});

test("a form of 65,536 features shows some and finds the others", async ({ demo, page }) => {
  await demo.open(await packed(wide(65_536)));
  await expect(page.locator("#form input")).toHaveCount(25);
  await page.getByRole("button", { name: /Show more \(24 of 65,536\)/ }).click();
  await expect(page.locator("#form input")).toHaveCount(49);
  await page.getByLabel("Find a feature").fill("gene_65535");
  await field(page, "gene_65535").fill("2");
  await expect(demo.answer.locator(".answer")).toHaveText("−131,072");
});
