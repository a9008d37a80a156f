// What is in an expert, as the page shows it.

import { readFile } from "node:fs/promises";
import { expect, test, type Demo } from "./page.js";
import { expert, modules, signedExpert, texts } from "./experts.js";
import { serveParts } from "./parts.js";

const deep = { layers: 28, modules, rank: 4 };
const chart = ({ page }: Demo) => page.locator("#adapters");

test("the whole page takes a dropped expert", async ({ demo, page }) => {
  await demo.drop(await expert({ name: "dropped.expert" }), "footer");
  await expect(demo.verdict).toContainText("dropped.expert");
  await expect(page.locator("#purpose")).toBeVisible();
});

test("what it is for, whom it is made for, how it decodes", async ({ demo, page }) => {
  await demo.open(await expert());
  const purpose = page.locator("#purpose");
  for (const words of ["Writes SQL.", "expert-test-sql", "1.2.3", "tiny", "MIT", "Somebody"])
    await expect(purpose).toContainText(words);
  await expect(purpose).toContainText("Under a grammaryes");
  await expect(purpose).toContainText("Stops at“;”");
  await expect(purpose.getByRole("list", { name: "Capabilities" })).toContainText("task:sql");
  await purpose.getByText(/^Everything it states/).click();
  await expect(purpose.getByRole("row", { name: "decoding.temperature 0.2" })).toBeVisible();
});

test("how well it does, and what it does badly", async ({ demo, page }) => {
  await demo.open(await expert());
  const quality = page.locator("#quality");
  await expect(quality).toContainText(/exact match\s*0\.75/);
  await expect(quality).toContainText(/speed\.tokens\s*41/);
  await expect(quality).toContainText("Joins are wrong.");
  await expect(quality).toContainText("Instead: Ask twice.");
});

test("the sizes of its sections, as bars and as a table", async ({ demo, page }) => {
  await demo.open(await signedExpert({ peft: deep }));
  const sections = page.locator("#sections");
  await expect(sections.getByRole("listitem").first()).toHaveText(
    /Adapters × 28.*kB of [\d.]+ kB[\d.]+%/,
  );
  await expect(sections.getByRole("listitem").filter({ hasText: "Certificates" })).toBeVisible();
  await sections.getByText(/^All sections/).click();
  await expect(sections.getByRole("row", { name: /Grammar.*grammar\.gbnf/ })).toBeVisible();
  const widths = await sections
    .locator("li:first-child .fill")
    .evaluateAll((fills) => fills.map((fill) => fill.getBoundingClientRect().width));
  expect(widths[0]).toBeGreaterThan(widths[1] ?? Infinity); // expanded, then stored
});

test("28 layers fill the chart, and one can be looked at", async ({ demo, page }) => {
  await demo.open(await expert({ peft: deep }));
  await expect(chart(demo)).toContainText("28 layers: LoRA, rank 4");
  await expect(page.locator(".layer-bar")).toHaveCount(28);
  await expect(page.locator(".layer-row")).toHaveCount(7);
  await expect(page.locator(".layer-cell")).toHaveCount(196);
  await expect(page.getByRole("img", { name: /Norms of the changes in 28 layers/ })).toBeVisible();
  await expect(page.locator(".layer-name")).toHaveText(modules);

  await page.getByLabel("Look at one").fill("20");
  const modulesOf = page.getByRole("region", { name: "Modules of Layer 20" });
  await expect(modulesOf.getByRole("row")).toHaveCount(8);
  await expect(
    modulesOf.getByRole("row", { name: /gate_proj LoRA 4 32 → 64 2 F16/ }),
  ).toBeVisible();
  await page.locator(".layers").click({ position: { x: 100, y: 20 } });
  await expect(page.getByRole("region", { name: "Modules of Layer 20" })).toBeHidden();

  await page.getByText("All modules (196)").click();
  const all = page.getByRole("region", { name: "All modules" });
  await expect(all.getByRole("row")).toHaveCount(51);
  await page.getByRole("button", { name: "Show more (50 of 196)" }).click();
  await expect(all.getByRole("row")).toHaveCount(101);
});

test("bars are as high as the norms are", async ({ demo, page }) => {
  await demo.open(await expert({ peft: { layers: 8, modules, rank: 4 } }));
  await expect(chart(demo)).toContainText("8 layers: LoRA");
  const bars = await page
    .locator(".layer-bar")
    .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().height));
  const normOf = async (layer: number): Promise<number> => {
    await page.getByLabel("Look at one").fill(String(layer));
    const title = page.getByRole("heading", { name: `Layer ${layer} · norm` });
    return Number((await title.textContent())?.split(" ").at(-1));
  };
  const ratio = (await normOf(0)) / (await normOf(4));
  expect(ratio).toBeLessThan(0.9);
  expect((bars[0] ?? 0) / (bars[4] ?? 1)).toBeCloseTo(ratio, 1);
});

test("DoRA is told from LoRA", async ({ demo }) => {
  await demo.open(await expert({ peft: { kind: "dora" } }));
  await expect(chart(demo)).toContainText("2 layers: DoRA, rank 2");
});

test("the page stays quick while layers are read", async ({ demo, page }) => {
  const file = await expert({ peft: { layers: 64, modules, rank: 8 } });
  await page.evaluate(() => {
    const seen = { longest: 0, last: performance.now() };
    Object.assign(window, { seen });
    const tick = (now: number): void => {
      seen.longest = Math.max(seen.longest, now - seen.last);
      seen.last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await demo.open(file);
  await expect(chart(demo)).toContainText("64 layers: LoRA");
  const longest = await page.evaluate(
    () => (window as never as { seen: { longest: number } }).seen.longest,
  );
  expect(longest).toBeLessThan(500); // milliseconds without a frame
});

test("texts are shown as they are written", async ({ demo, page }) => {
  await demo.open(await expert());
  const extras = page.locator("#extras");
  await extras.getByText(/^Grammar/).click();
  await expect(extras.locator("pre").first()).toHaveText(texts["grammar.gbnf"].toString());
  await extras.getByText(/^Documents/).click();
  await expect(extras).toContainText("<b>not bold</b>");
  await extras.getByText(/^Licence/).click();
  await expect(extras).toContainText("Do as you like.");
});

test("an attachment is saved as it is", async ({ demo, page }) => {
  await demo.open(await expert());
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save tests/cases.json" }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe("cases.json");
  expect(await readFile(await download.path())).toEqual(Buffer.from(texts["tests/cases.json"]));
});

test("a file after another takes its place", async ({ demo, page }) => {
  await demo.open(await expert({ name: "first.expert" }));
  await expect(page.locator("#purpose")).toBeVisible();
  await demo.example("Iris");
  await expect(page.locator("#expert")).toBeHidden();
  await expect(page.locator("#predict")).toBeVisible();
  await demo.open(await expert({ name: "second.expert" }));
  await expect(page.locator("#model")).toBeHidden();
  await expect(page.locator("#purpose")).toHaveCount(1);
});

test("of an address only the parts that are shown are read, before all is checked", async ({
  demo,
  page,
}) => {
  const file = await signedExpert({
    peft: deep,
    files: { ...texts, "tests/large.bin": Buffer.alloc(3_000_000, "unlikely to be compressed") },
  });
  const served = await serveParts(page, "**/examples/sql.expert", file.buffer);
  await demo.example("SQL expert");
  await expect(demo.verdict).toContainText("As far as it was read");
  await expect(chart(demo)).toContainText("28 layers: LoRA");
  expect(served.wholes).toBe(0);
  expect(served.parts.length).toBeGreaterThan(2);
  const read = served.parts.length;
  await page.getByRole("button", { name: "Check every byte" }).click();
  await expect(demo.verdict).toContainText("Every byte accounted for");
  expect(served.parts.length).toBeGreaterThan(read);
  await expect(page.getByRole("button", { name: "Check every byte" })).toBeHidden();
});

test("reading layers can be cancelled and taken up again", async ({ demo, page }) => {
  const file = await signedExpert({ peft: deep });
  const served = await serveParts(page, "**/examples/sql.expert", file.buffer);
  const { length } = file.buffer;
  const released = served.hold(length * 0.5, length * 0.8);
  await demo.example("SQL expert");
  await expect.poll(() => page.locator(".layer-bar").count()).toBeGreaterThan(3);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(chart(demo)).toContainText(/\d+ of 28 layers read/);
  expect(await page.locator(".layer-bar").count()).toBeLessThan(28);
  released();
  await page.getByRole("button", { name: "Read the rest" }).click();
  await expect(chart(demo)).toContainText("28 layers: LoRA");
  await expect(page.locator(".layer-bar")).toHaveCount(28);
});

test("damage that reading finds later takes all away", async ({ demo, page }) => {
  const { buffer } = await signedExpert({ peft: deep });
  const damaged = Buffer.from(buffer);
  const at = Math.floor(damaged.length / 2);
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  await serveParts(page, "**/examples/sql.expert", damaged);
  await demo.example("SQL expert");
  await expect(page.locator("#refusal")).toHaveText("ExpertSectionHash");
  await expect(demo.verdict).toContainText("damaged or was changed");
  await expect(page.locator("#expert")).toBeHidden();
});

for (const [title, words] of [
  ["SQL expert", "by a key you have not vouched for"],
  ["Older release", "by a key you have not vouched for"],
  ["Unsigned", "Intact, but not signed"],
  ["Expired", "the signer’s certificate has expired"],
  ["Revoked", "revoked by those who vouched for it"],
  ["Version 1", "Version 1 of the format is deprecated"],
] as const)
  test(`the example "${title}" is one click away`, async ({ demo }) => {
    await demo.example(title);
    await expect(demo.verdict).toContainText(words);
  });

test("with the examples' root required, their trust shows, and their rollback", async ({
  demo,
  page,
}) => {
  await page.getByRole("button", { name: "Require their root" }).click();
  await expect(page.locator("#trust-state")).toHaveText("Only The root of these examples");
  await demo.example("Older release");
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await demo.example("SQL expert");
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await expect(demo.verdict.locator(".chain")).toContainText(
    "Vouched for by The root of these examples",
  );
  await demo.example("Older release");
  await expect(page.locator("#refusal")).toHaveText("Rollback");
  await demo.example("Unsigned");
  await expect(page.locator("#refusal")).toHaveText("SignatureMissing");
});
