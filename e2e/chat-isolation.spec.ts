import { expect, type Demo } from "./page.js";
import { Chat, randomModel, storyModel, test } from "./language-models.js";
import type { TestFile } from "./packages.js";
import { sharedPort } from "./playwright.config.js";

/** What stories260K writes when the most probable token is taken, as llama2.c and Transformers do. */
const beginning = "there was a little girl named Lily. She loved to play outside in the park.";

interface Story {
  model: TestFile;
  prompt: string;
  /** What the text has when it is stopped. */
  soon: RegExp;
}

/** Tells a story whole; then again, stopped half-way, saved, restored after a reload, and gone on with. */
async function expectTheSameAfterReload(demo: Demo, { model, prompt, soon }: Story) {
  const chat = new Chat(demo);
  await chat.open(model);
  const settings = { Temperature: "0.9", Seed: "3", "Most tokens": "300" };
  await chat.set(settings);
  await chat.send(prompt);
  const whole = await chat.written();
  await chat.area.getByRole("button", { name: "New" }).click();
  await chat.send(prompt);
  await expect(chat.answers.last()).toContainText(soon);
  await chat.box.press("Escape");
  const half = await chat.written();
  expect(whole.startsWith(half)).toBe(true);
  const saved = await chat.save();

  await demo.page.reload();
  const again = new Chat(demo);
  await again.open(model);
  await again.restore(saved);
  await expect(again.log).toContainText(prompt);
  expect(await again.written()).toBe(half);
  await again.goOnButton.click();
  await expect.poll(async () => (await again.written()).length).toBeGreaterThan(half.length);
  const more = await again.written();
  expect(more.slice(0, whole.length)).toBe(whole.slice(0, more.length));
}

for (const isolated of [true, false])
  test.describe(isolated ? "cross-origin isolated" : "not cross-origin isolated", () => {
    if (!isolated) test.use({ baseURL: `http://localhost:${sharedPort}/` });

    test("the page says which build runs, and why", async ({ chat, page }) => {
      expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(isolated);
      await chat.open(await randomModel());
      const about = page.locator("#about-text");
      await expect(about).toContainText("SIMD");
      const why = "one thread: the page is not cross-origin isolated";
      if (isolated) await expect(about).not.toContainText("not cross-origin isolated");
      else await expect(about).toContainText(why);
    });

    test("a text goes on identically after a reload", async ({ demo }) => {
      const model = await randomModel();
      await expectTheSameAfterReload(demo, { model, prompt: "a b c", soon: /tok.*tok/ });
    });

    test("stories260K tells its story", async ({ chat }) => {
      const model = storyModel();
      if (!model) return;
      await chat.open(model);
      await expect(chat.area).toContainText("no chat template");
      await chat.set({ Temperature: "0", "Most tokens": "40" });
      await chat.send("Once upon a time,");
      expect(await chat.written()).toContain(beginning);
    });

    test("stories260K goes on identically after a reload", async ({ demo }) => {
      const model = storyModel();
      if (!model) return;
      await expectTheSameAfterReload(demo, { model, prompt: "Once upon a time", soon: /\w+ \w+/ });
    });
  });
