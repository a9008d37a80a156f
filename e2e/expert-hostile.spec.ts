// Experts whose every text is written by an enemy. After each test page.ts asserts that no script
// ran, no policy was broken and nobody elsewhere was asked for anything.

import { expect, test } from "./page.js";
import { author, chain, expert, metadata } from "./experts.js";

const markup = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "javascript:alert(1)",
].join(" ");
const reversed = "\u202egnp.exe\u202c";
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

function everywhere(text: string): object {
  return {
    description: text,
    author: text,
    license: text.slice(0, 128),
    tags: [text.slice(0, 128)],
    capabilities: [text.slice(0, 128)],
    base_model: { name: text },
    routing: { keywords: [text.slice(0, 128)], router_hint: text },
    decoding: { grammar_type: text.slice(0, 128), stop_sequences: [text.slice(0, 128)] },
    quality_metrics: { [text.slice(0, 100)]: text.slice(0, 100) },
    limitations: [
      { pattern: text.slice(0, 128), description: text, example: text, workaround: text },
    ],
    training: { [text.slice(0, 100)]: text },
  };
}

const files = (text: string): Record<string, Uint8Array> => ({
  "grammar.gbnf": Buffer.from(`root ::= "${text}"\n`),
  "README.md": Buffer.from(`# ${text}\n`),
  LICENSE: Buffer.from(text),
  "metrics.json": json({ [text]: text, score: 0.5 }),
});

for (const version of [1, 2] as const)
  test(`markup stays text wherever it stands, version ${version}`, async ({ demo, page }) => {
    await demo.open(
      await expert({
        version,
        name: "<img src=x onerror=alert(1)>.expert",
        metadata: everywhere(markup),
        files: files(markup),
      }),
    );
    const area = page.locator("#expert");
    await expect(area).toBeVisible();
    for (const details of await area.locator("summary").all()) await details.click();
    await expect(area.locator("pre").first()).toContainText("<script>alert(1)</script>");
    await expect(page.locator("#purpose")).toContainText("<img src=x onerror=alert(1)>");
    await expect(page.locator("#quality")).toContainText("<img src=x onerror=alert(1)>");
    expect(await page.locator("main :is(script, svg, img, iframe, a[href])").count()).toBe(0);
    await demo.expectNoSidewaysScroll();
  });

test("characters that reorder text are shown, and reorder nothing", async ({ demo, page }) => {
  await demo.open(
    await expert({ metadata: everywhere(reversed), files: files(reversed), signedBy: author }),
  );
  await expect(page.locator("#expert")).toBeVisible();
  for (const details of await page.locator("#expert summary").all()) await details.click();
  for (const place of ["#purpose", "#quality", "#extras"])
    await expect(page.locator(place)).toContainText("⟨U+202E⟩gnp.exe⟨U+202C⟩");
  expect(await page.locator("body").innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
});

test("control characters in a text are shown as pictures, its lines as lines", async ({
  demo,
  page,
}) => {
  const text = "one\r\ntwo\u001b[31m\tthree\u0000";
  await demo.open(await expert({ files: { "README.md": Buffer.from(text) } }));
  await page.locator("#extras summary").click();
  const shown = await page.locator("#extras pre").textContent();
  expect(shown).toBe("one\ntwo␛[31m\tthree␀");
});

test("a text of a megabyte shows its beginning, and more when asked", async ({ demo, page }) => {
  const files = { "README.md": Buffer.from("x".repeat(1_000_000)) };
  await demo.open(await expert({ files }));
  await page.locator("#extras summary").click();
  const text = page.locator("#extras pre");
  expect((await text.textContent())?.length).toBe(10_000);
  await page.getByRole("button", { name: "Show more of 1,000,000 characters" }).click();
  expect((await text.textContent())?.length).toBe(20_000);
  await demo.expectNoSidewaysScroll();
});

test("words as long as may be do not widen a narrow page", async ({ demo, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const long = "n".repeat(2048);
  await demo.open(
    await expert({
      name: `${long.slice(0, 200)}.expert`,
      metadata: everywhere(long),
      files: { ...files(long), [`tests/${long.slice(0, 200)}`]: json(1) },
    }),
  );
  await expect(page.locator("#expert")).toBeVisible();
  for (const details of await page.locator("#expert summary").all()) await details.click();
  await demo.expectNoSidewaysScroll();
});

test("names in certificates are text, and prove nothing", async ({ demo, page }) => {
  await demo.open(await expert({ signedBy: author, chain: await chain() }));
  await expect(demo.verdict).toContainText("nobody whom you trust confirms these names");
  await expect(page.locator("#verdict :is(a, img, svg)")).toHaveCount(0);
});

test("a name of the prototype is a name like any other", async ({ demo, page }) => {
  const strange = { constructor: 1, toString: "two", __proto__: 3 };
  await demo.open(
    await expert({
      metadata: { ...metadata, training: strange },
      files: { "metrics.json": Buffer.from('{"__proto__": 0.25, "constructor": {"a": 1}}') },
    }),
  );
  await expect(page.locator("#quality")).toContainText("constructor.a");
  await expect(page.locator("#quality")).toContainText("0.25");
});

test("1,024 capabilities and 256 limitations are shown in parts", async ({ demo, page }) => {
  const capabilities = Array.from({ length: 1024 }, (_, i) => `task:${i}`);
  const limitations = Array.from({ length: 256 }, (_, i) => ({ description: `limit ${i}` }));
  await demo.open(await expert({ metadata: { capabilities, limitations } }));
  const shown = page.getByRole("list", { name: "Capabilities" });
  await expect(shown).toContainText("and 964 more");
  expect(await shown.getByRole("listitem").count()).toBeLessThan(70);
  await expect(page.locator(".limitations > li")).toHaveCount(20);
});
