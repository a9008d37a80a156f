import { expect, test } from "./page.js";
import { flowers, mixed, packed, wide } from "./packages.js";

test("bars show sign and size, the strongest feature first", async ({ demo }) => {
  await demo.open(await packed(mixed));
  const rows = demo.weights.getByRole("listitem");
  await expect(rows).toHaveText([/flag\s*100/, /n\s*5/, /l\s*−4/, /i\s*3/, /f\s*2/]);
  await expect(demo.weights).toContainText("Intercept: 7");
  const bars = await rows.locator(".fill").evaluateAll((fills) =>
    fills.map((fill) => ({
      minus: fill.classList.contains("minus"),
      width: fill.getBoundingClientRect().width,
      left: fill.getBoundingClientRect().left,
    })),
  );
  expect(bars.map(({ minus }) => minus)).toEqual([false, false, true, false, false]);
  const [flag, n, l] = bars.map(({ width }) => width) as [number, number, number];
  expect(flag / n).toBeCloseTo(20, 0);
  expect(n / l).toBeCloseTo(5 / 4, 0);
  const zero = bars[0]?.left ?? 0;
  expect((bars[2]?.left ?? 0) + l).toBeCloseTo(zero, 0); // a negative bar ends where others begin
});

test("several classes stand side by side under each feature", async ({ demo }) => {
  await demo.open(await packed(flowers));
  const first = demo.weights.getByRole("listitem").first();
  await expect(first).toHaveText(/a\s*setosa\s*3\s*versicolor\s*−1\s*virginica\s*−1/);
  await expect(demo.weights).toContainText("setosa 0.25, versicolor 0, virginica −0.25");
});

test("with many classes one is chosen", async ({ demo, page }) => {
  const labels = Array.from({ length: 9 }, (_, i) => `class ${i}`);
  const coefficients = labels.map((_, i) => [i, -i]);
  await demo.open(
    await packed({
      ...flowers,
      model: { type: "logistic_regression", class_labels: labels },
      features: [{ name: "x" }, { name: "y" }],
      weights: { coefficients, intercept: labels.map(() => 0) },
    }),
  );
  await page.getByLabel("Class, 1 to 9").fill("9");
  await expect(demo.weights).toContainText("class 8");
  await expect(demo.weights.getByRole("listitem").first()).toHaveText(/x\s*8/);
});

test("65,536 features: twenty at first, then all, of which only those in sight exist", async ({
  demo,
  page,
}) => {
  await demo.open(await packed(wide(65_536)));
  const rows = demo.weights.getByRole("listitem");
  await expect(rows).toHaveCount(20);
  await expect(rows.first()).toHaveText(/gene_65535\s*−65,536/);

  await page.getByRole("button", { name: "Show all 65,536" }).click();
  const list = demo.weights.getByRole("region", { name: "All weights" });
  await list.evaluate((frame) => (frame.scrollTop = frame.scrollHeight));
  await expect(rows.last()).toHaveText(/gene_0\s*1/);
  await expect(rows.last()).toHaveAttribute("aria-posinset", "65536");
  expect(await rows.count()).toBeLessThan(100);

  await demo.weights.getByLabel("Search").fill("gene_4711");
  await expect(rows).toHaveCount(11); // itself, and those with one digit more
  await page.getByLabel("Order").selectOption("as in the file");
  await expect(rows.first()).toHaveText(/gene_4711\s*−4,712/);
});
