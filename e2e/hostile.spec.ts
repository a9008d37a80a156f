// Files whose every text is written by an enemy. After each test page.ts asserts that no script ran,
// no policy was broken and nobody elsewhere was asked for anything.

import type { PackDescription } from "andon";
import { expect, test } from "./page.js";
import { file, flowers, mixed, packed } from "./packages.js";

const markup = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "javascript:alert(1)",
  "{{constructor.constructor('alert(1)')()}}",
];
const reversed = "\u202egnp.exe\u202c \u2066isolated";
const long = "x".repeat(400_000);
const stacked = `z${"\u0351\u0334\u0317".repeat(80)}`;

function everywhere(text: string, classes: string[]): PackDescription {
  return {
    ...flowers,
    model: { ...flowers.model, class_labels: classes, hyperparameters: { [text]: text } },
    provenance: {
      git_commit: text,
      git_dirty: text,
      dataset_hash: text,
      training_duration: text,
      platform: text,
      rust_version: text,
      aprender_version: text,
    },
  };
}

function named(names: string[]): PackDescription["features"] {
  return ["a", "b", "c", "d"].map((name, i) => ({ name: names[i] ?? name }));
}

test("markup stays text wherever it stands", async ({ demo, page }) => {
  const description = {
    ...everywhere(markup.join(" "), markup.slice(0, 3)),
    features: named(markup),
  };
  await demo.open(await packed(description, "<img src=x onerror=alert(1)>.aprender"));
  for (const details of await demo.about.locator("summary").all()) await details.click();
  for (const text of markup) await expect(demo.about).toContainText(text);
  await expect(demo.weights).toContainText("<img src=x onerror=alert(1)>");
  await expect(page.locator("#form")).toContainText("<script>alert(1)</script>");
  await expect(demo.answer).toContainText("<");
  expect(await page.locator("main :is(script, svg, img, iframe, a[href])").count()).toBe(0);
  await demo.expectNoSidewaysScroll();
});

test("markup in a table stays text, in the page and in the download's name", async ({
  demo,
  page,
}) => {
  await demo.open(await packed({ ...flowers, features: named(markup) }));
  const header = markup.slice(0, 4).map((name) => `"${name.replaceAll('"', '""')}"`);
  const cells = "1,2,3,4,<img src=x onerror=alert(1)>";
  await demo.score(file("<b>.csv", `${header.join(",")},<i>extra</i>\n${cells}\n`));
  await expect(demo.batch.getByRole("table")).toContainText("<img src=x onerror=alert(1)>");
  await expect(demo.batch).toContainText("<i>extra</i>");
  expect(await page.locator("#batch :is(img, i, b, svg, script)").count()).toBe(0);
});

test("an error that quotes the table stays text", async ({ demo, page }) => {
  await demo.open(await packed({ ...flowers, features: named(["<u>first</u>"]) }));
  await demo.score(file("t.csv", "<u>first</u>,b,c,d\n<s>,1,1,1\n"));
  await expect(demo.batch.getByRole("alert")).toContainText("column <u>first</u>");
  expect(await page.locator("#batch :is(u, s)").count()).toBe(0);
});

test("characters that reorder text are shown, and reorder nothing", async ({ demo, page }) => {
  const description = {
    ...everywhere(reversed, [reversed, "b", "c"]),
    features: named([reversed]),
  };
  await demo.open(await packed(description, `${reversed}.aprender`));
  for (const place of [demo.verdict, demo.about, demo.weights, page.locator("#form")])
    await expect(place).toContainText("⟨U+202E⟩gnp.exe⟨U+202C⟩");
  expect(await page.locator("body").innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  const isolated = await page
    .locator(".foreign")
    .evaluateAll((all) => all.every((one) => getComputedStyle(one).unicodeBidi === "isolate"));
  expect(isolated).toBe(true);
});

test("control characters are shown as pictures", async ({ demo }) => {
  await demo.open(await packed(everywhere("a\u001b[31m\u0000b\r\nc", ["1", "2", "3"])));
  await expect(demo.about).toContainText("a␛[31m␀b␍␊c");
});

test("a long text shows its beginning, and more when asked", async ({ demo, page }) => {
  const description = { ...mixed, provenance: { platform: long } };
  await demo.open(await packed(description));
  const platform = demo.about.locator("dd").filter({ hasText: "xxx" });
  expect((await platform.innerText()).length).toBeLessThan(300);
  await platform.getByRole("button", { name: "Show more of 400,000 characters" }).click();
  expect((await platform.innerText()).length).toBeGreaterThan(9_000);
  await demo.expectNoSidewaysScroll();
  await page.setViewportSize({ width: 360, height: 740 });
  await demo.expectNoSidewaysScroll();
});

test("names as long as may be do not widen the page", async ({ demo, page }) => {
  const name = "n".repeat(1000);
  await page.setViewportSize({ width: 360, height: 740 });
  await demo.open(
    await packed({
      ...everywhere(name, [name, `${name}2`, `${name}3`]),
      features: named([name, "名".repeat(300)]),
    }),
  );
  for (const details of await demo.about.locator("summary").all()) await details.click();
  await demo.score(file(`${name}.csv`, `${name},${"名".repeat(300)},c,d\n1,2,3,4\n`));
  await expect(demo.batch.getByRole("status")).toContainText("1 row predicted");
  await demo.expectNoSidewaysScroll();
});

test("stacked accents stay in their line", async ({ demo, page }) => {
  await demo.open(
    await packed({ ...everywhere(stacked, [stacked, "b", "c"]), features: named([stacked]) }),
  );
  const painted = await demo.about
    .locator("dd")
    .evaluateAll((all) => all.every((one) => getComputedStyle(one).overflowY === "clip"));
  expect(painted).toBe(true);
  const weightNames = await page
    .locator(".weight .name, .chance .name")
    .evaluateAll((all) => all.every((one) => getComputedStyle(one).overflowY !== "visible"));
  expect(weightNames).toBe(true);
});

test("a name of the prototype is a name like any other", async ({ demo, page }) => {
  await demo.open(
    await packed({
      ...flowers,
      model: { ...flowers.model, hyperparameters: { constructor: "1", toString: "2" } },
      features: named(["__proto__", "constructor", "hasOwnProperty", "toString"]),
    }),
  );
  await page.locator("#form").getByLabel("constructor").fill("5");
  await expect(demo.answer.locator(".answer")).toHaveText("versicolor");
  await demo.score(file("t.csv", "__proto__,constructor,hasOwnProperty,toString\n0,0,9,0\n"));
  await expect(demo.batch.getByRole("table")).toContainText("virginica");
});
