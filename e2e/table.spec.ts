import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./page.js";
import { file, flowers, mixed, packed, signer } from "./packages.js";

async function download(page: Page): Promise<{ name: string; text: string }> {
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  return { name: saved.suggestedFilename(), text: await readFile(await saved.path(), "utf8") };
}

test("a dropped CSV becomes a table and a download", async ({ demo, page }) => {
  await demo.open(await packed(mixed));
  const csv =
    '\ufeffnote,f,i,l,flag,n\r\n"one, quoted",1,2,3,true,1\r\nplain,0,0,0,0,\r\n\r\nlast,-1,1,1,FALSE,2';
  await demo.drop(file("rows.csv", csv));
  await expect(demo.batch.getByRole("status")).toContainText("3 rows predicted");
  const table = demo.batch.getByRole("table");
  await expect(table.getByRole("row").nth(1)).toHaveText(/2\s*108\s*one, quoted/);
  await expect(demo.batch).toContainText("no feature of the model: note");
  expect(await download(page)).toEqual({
    name: "rows-predictions.csv",
    text: 'note,f,i,l,flag,n,prediction\n"one, quoted",1,2,3,true,1,108\nplain,0,0,0,0,,\nlast,-1,1,1,FALSE,2,14\n',
  });
});

test("a classifier adds the probability of each class", async ({ demo, page }) => {
  await demo.open(await packed(flowers));
  await demo.score(file("f.csv", "a,b,c,d\n9,0,0,0\n0,0,0,0\n"));
  await expect(demo.batch.getByRole("status")).toContainText("2 rows predicted");
  const [header, first, second] = (await download(page)).text.split("\n");
  expect(header).toBe(
    "a,b,c,d,prediction,probability_setosa,probability_versicolor,probability_virginica",
  );
  expect(first).toMatch(/^9,0,0,0,setosa,/);
  const shares = second?.split(",").slice(5).map(Number) ?? [];
  expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
  expect((shares[0] ?? 0) / (shares[1] ?? 1)).toBeCloseTo(Math.exp(0.25), 12);
});

test("200,000 rows are scored beside the page, which shows how far it is", async ({
  demo,
  page,
}) => {
  await demo.open(await packed(flowers));
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    const panel = document.querySelector("#batch-result") as Element;
    new MutationObserver(() => {
      seen.add(panel.querySelector("[role=status]")?.textContent ?? "");
    }).observe(panel, { childList: true, subtree: true, characterData: true });
  });
  const rows = Array.from({ length: 200_000 }, (_, i) => `${i % 7},${i % 5},${i % 3},0.25`);
  await demo.score(file("many.csv", `a,b,c,d\n${rows.join("\n")}\n`));
  await expect(demo.batch.getByRole("table").getByRole("row")).toHaveCount(51);
  await expect(demo.batch.getByRole("status")).toContainText("200,000 rows predicted", {
    timeout: 40_000,
  });
  const seen = await page.evaluate(() => [...(window as never as { seen: Set<string> }).seen]);
  expect(seen.filter((text) => /rows · [\d.]+%$/.test(text)).length).toBeGreaterThan(0);
  const lines = (await download(page)).text.split("\n");
  expect(lines).toHaveLength(200_002);
  expect(lines[4]).toMatch(/^3,3,0,0\.25,setosa,/);
  expect(lines[200_000]).toMatch(/^\d,4,\d,0\.25,/);
});

for (const [what, csv, message] of [
  [
    "a value that is no number",
    "f,i,l,flag,n\n1,2,3,1,1\n1,x,3,1,1\n",
    "line 3, column i: the value is not a whole number",
  ],
  ["a missing value", "f,i,l,flag,n\n,2,3,1,1\n", "line 2, column f: the value needs a value"],
  ["a short row", "f,i,l,flag,n\n1,2\n", "line 2: 2 cells where the first line has 5"],
  ["a missing column", "f,i,flag,n\n1,2,1,1\n", "line 1, column l: this column is missing"],
  ["a repeated column", "f,i,l,f,n\n", "line 1, column f: two columns have this name"],
  ["an open quote", 'f,i,l,flag,n\n1,2,3,1,"1\n', "line 2: a quote is never closed"],
  [
    "a quote inside a cell",
    'f,i,l,flag,n\n1,2,3,1,1"1"\n',
    "line 2: a quote stands where none may be",
  ],
  ["a file with nothing in it", "\n\n", "line 1: the file is empty"],
  [
    "an error after a quoted line end",
    'f,i,l,flag,n,t\n1,2,3,1,1,"a\nb"\n1,2,3,1,y,""\n',
    "line 4, column n: the value is not a number",
  ],
] as const)
  test(`${what} stops with its place`, async ({ demo }) => {
    await demo.open(await packed(mixed));
    await demo.score(file("bad.csv", csv));
    await expect(demo.batch.getByRole("alert")).toContainText(message);
    await expect(demo.batch.getByRole("link", { name: "Download" })).toBeHidden();
  });

test("a file that is not UTF-8 is refused", async ({ demo }) => {
  await demo.open(await packed(mixed));
  await demo.score(file("latin1.csv", Buffer.from("f,i,l,flag,n,caf\xe9\n", "latin1")));
  await expect(demo.batch.getByRole("alert")).toContainText("not text in UTF-8");
});

test("scoring can be cancelled and its result removed", async ({ demo, page }) => {
  await demo.open(await packed(flowers));
  await demo.score(file("endless.csv", `a,b,c,d\n${"1,2,3,4\n".repeat(1_000_000)}`));
  await demo.batch.getByRole("button", { name: "Cancel" }).click();
  await expect(demo.batch.getByRole("progressbar")).toBeHidden();
  await demo.score(file("short.csv", "a,b,c,d\n1,2,3,4\n"));
  await expect(demo.batch.getByRole("status")).toContainText("1 row predicted");
  await page.getByRole("button", { name: "Remove" }).click();
  await expect(demo.batch.getByRole("table")).toBeHidden();
});

test("a new model takes the table of the old one away", async ({ demo, page }) => {
  await demo.open(await packed(mixed));
  await demo.score(file("r.csv", "f,i,l,flag,n\n1,1,1,1,1\n"));
  await expect(demo.batch.getByRole("status")).toContainText("1 row predicted");
  await demo.open(await packed(flowers));
  await expect(page.locator("#batch-result")).toBeEmpty();
});

test("rows are scored under the key that is required", async ({ demo, page }) => {
  const { seed } = signer(1);
  await demo.open(await packed(mixed, "m.aprender", seed));
  await page.getByRole("button", { name: "Require this signer from now on" }).click();
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await demo.score(file("r.csv", "f,i,l,flag,n\n1,1,1,1,1\n"));
  await expect(demo.batch.getByRole("status")).toContainText("1 row predicted");
});
