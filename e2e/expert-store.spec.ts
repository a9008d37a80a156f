// The store of experts in the private file system of a browser: what is installed outlives the page, and is judged
// again whenever it is used.

import type { Page } from "@playwright/test";
import { expect, test } from "./page.js";

type Andon = typeof import("andon");

/** What the page has for the functions that run in it. */
interface Within {
  manager: InstanceType<Andon["ExpertManager"]>;
  file: (name: string) => URL;
  /** The code that `act` is refused with. */
  codeOf: (act: Promise<unknown>) => Promise<string>;
}
declare const within: Within;

/** The page, just opened: the package, the base that ships, and the browser's own store. */
async function begin(page: Page): Promise<void> {
  await page.goto("/");
  await page.evaluate(async () => {
    const andon = (await import(`${location.origin}/andon/index.js`)) as Andon;
    const file = (name: string): URL => new URL(`/examples/assistant/${name}`, location.origin);
    const [key, list, model, store] = await Promise.all([
      fetch(file("assistant-root.pub.pem")).then((answer) => answer.text()),
      fetch(file("revoked.crl")).then((answer) => answer.bytes()),
      andon.open(file("base.gguf"), { kind: "language-model", threads: 1 }),
      andon.openExpertStore(),
    ]);
    const trust = { trust: [{ key }], revocationLists: [list] };
    const manager = new andon.ExpertManager({ store, model, ...trust });
    const codeOf = (act: Promise<unknown>): Promise<string> =>
      act.then(
        () => "nothing was thrown",
        (thrown: unknown) => (thrown instanceof andon.AndonError ? thrown.code : String(thrown)),
      );
    Object.assign(globalThis, { within: { manager, file, codeOf } satisfies Within });
  });
}

/** All at the same time: in the store they wait for one another. */
async function install(page: Page, ...names: string[]): Promise<void> {
  await page.evaluate(async (files) => {
    await Promise.all(files.map((name) => within.manager.install(within.file(name))));
  }, names);
}

const installed = (page: Page): Promise<string[]> =>
  page.evaluate(async () => (await within.manager.list()).map(({ name }) => name));

/** Files of the store, without the list; each with one bit turned over where that is asked for. */
const packages = (page: Page, change = false): Promise<number> =>
  page.evaluate(async (damage) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("andon-experts");
    let count = 0;
    for await (const [name, handle] of folder.entries()) {
      if (!name.endsWith(".expert")) continue;
      count += 1;
      if (!damage) continue;
      const file = handle as FileSystemFileHandle;
      const bytes = await (await file.getFile()).bytes();
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      const writable = await file.createWritable();
      await writable.write(bytes);
      await writable.close();
    }
    return count;
  }, change);

test("experts that were installed are there after a reload, and answer", async ({ page }) => {
  await begin(page);
  await install(page, "expert-sql.expert", "expert-json.expert");
  await begin(page);
  expect(await installed(page)).toEqual(["expert-json", "expert-sql"]);
  const { experts, text } = await page.evaluate(() => {
    const content =
      "Table rivers: id, name, length\nList the name of rivers with length above 500.";
    return within.manager.chat([{ role: "user", content }], { maxTokens: 96 }).result();
  });
  expect(experts).toEqual(["expert-sql"]);
  expect(text).toBe("SELECT name FROM rivers WHERE length > 500");
});

test("what is tampered with or revoked is not kept", async ({ page }) => {
  await begin(page);
  const codes = await page.evaluate(async () => {
    const { manager, file, codeOf } = within;
    const names = ["tampered.expert", "revoked.expert"];
    return Promise.all(names.map((name) => codeOf(manager.install(file(name)))));
  });
  expect(codes).toEqual(["ExpertSectionHash", "Revoked"]);
  expect(await installed(page)).toEqual([]);
});

test("what changed in the store is refused, and can be removed", async ({ page }) => {
  await begin(page);
  await install(page, "expert-sql.expert");
  expect(await packages(page, true)).toBe(1);
  await begin(page);
  expect(await installed(page)).toEqual(["expert-sql"]);
  const [load, verify] = await page.evaluate(async () => {
    const { manager, codeOf } = within;
    const [outcome] = await manager.verify();
    return [await codeOf(manager.load("expert-sql")), outcome?.error?.code];
  });
  expect([load, verify]).toEqual(["ExpertChanged", "ExpertChanged"]);
  await page.evaluate(() => within.manager.remove("expert-sql"));
  expect(await installed(page)).toEqual([]);
  expect(await packages(page)).toBe(0);
});
