import type { Page } from "@playwright/test";
import { expect } from "./page.js";
import { randomModel, test } from "./language-models.js";
import { file, type TestFile } from "./packages.js";

/** The same model with the first of these texts replaced; lengths must agree. */
function changed({ name, buffer }: TestFile, text: string, by: string): TestFile {
  const copy = Buffer.from(buffer);
  const at = copy.indexOf(text);
  expect(at).toBeGreaterThan(0);
  expect(by).toHaveLength(text.length);
  copy.write(by, at, "latin1");
  return file(name, copy);
}

const refusal = (page: Page) => page.locator("#refusal");

test("an architecture that does not run here is named", async ({ demo, chat, page }) => {
  const model = await randomModel();
  const copy = changed(model, "\u0005\0\0\0\0\0\0\0qwen3", "\u0005\0\0\0\0\0\0\0mamba");
  await demo.open(copy);
  await expect(refusal(page)).toHaveText("UnsupportedArchitecture");
  await expect(demo.verdict).toContainText("A language model that Andon does not run");
  await expect(demo.verdict).toContainText("mamba");
  await expect(chat.area).toBeHidden();
});

test("a file that is cut off is refused", async ({ demo, page }) => {
  const model = await randomModel();
  await demo.open({ ...model, buffer: model.buffer.subarray(0, 20) });
  await expect(refusal(page)).toHaveText("GgufTruncated");
  await demo.open({ ...model, buffer: model.buffer.subarray(0, -1000) });
  await expect(refusal(page)).toHaveText("GgufTensorPlace");
});

test("a file with bytes after its tensors is refused", async ({ demo, page }) => {
  const model = await randomModel();
  await demo.open(file("long.gguf", Buffer.concat([model.buffer, Buffer.alloc(64, 1)])));
  await expect(refusal(page)).toHaveText("GgufTrailingData");
});

test("a count without end is refused, and nothing is allocated for it", async ({ demo, page }) => {
  const model = await randomModel();
  const copy = Buffer.from(model.buffer);
  copy.writeBigUInt64LE(2n ** 62n, 8);
  await demo.open(file("many.gguf", copy));
  await expect(refusal(page)).toHaveText("GgufCount");
});

test("a folder that lacks files is refused", async ({ page, demo }) => {
  await page.setInputFiles("#model-file", [
    file("config.json", "{}"),
    file("model.safetensors", Buffer.alloc(64)),
  ]);
  await expect(demo.verdict).toContainText("Stopped");
  await expect(refusal(page)).toHaveText(/^Model(Files|Config)$/);
});

test("a required signature stops what has none", async ({ demo, page }) => {
  await page.getByText("Whose signature is required?").click();
  await page.getByLabel("files without a signature").uncheck();
  await demo.open(await randomModel());
  await expect(refusal(page)).toHaveText("SignatureMissing");
});

test("what a model writes is text and nothing else", async ({ chat, page }) => {
  const evil = '<img src=x onerror="alert(1)">\u202e';
  await chat.open(await randomModel());
  await chat.set({ "Most tokens": "5" });
  await chat.send(evil);
  await chat.written();
  await expect(chat.log).toContainText("<img src=x onerror=");
  await expect(chat.log).toContainText("⟨U+202E⟩");
  expect(await page.locator("#chat img").count()).toBe(0);
});

test("a chat template that runs without end is stopped", async ({ chat }) => {
  const model = await randomModel();
  const loop =
    "{% for a in range(60000) %}{% for b in range(60000) %}{% if a < 0 %}x{% endif %}{% endfor %}{% endfor %}";
  const template = /\{% for m in messages %\}.*?\{% endif %\}/s.exec(
    model.buffer.toString("latin1"),
  )?.[0];
  if (template === undefined) throw new Error("the model has no template");
  await chat.open(changed(model, template, loop.padEnd(template.length)));
  await chat.send("a");
  await expect(chat.problem).toContainText("TemplateFailed");
  await expect(chat.box).toHaveValue("a");
});

test("a saved chat without its model says what is missing", async ({ demo, chat, page }) => {
  await chat.open(await randomModel());
  await chat.set({ "Most tokens": "5" });
  await chat.send("a");
  await chat.written();
  const saved = await chat.save();
  await page.reload();
  await demo.drop(saved);
  await expect(demo.verdict).toContainText("A saved chat, without its model");
  await expect(refusal(page)).toHaveText("ModelNotLoaded");
});

test.describe("a saved chat that was changed is refused, and the one that is there stays", () => {
  const changes: [string, RegExp, (saved: Buffer) => Buffer][] = [
    ["in what was said", /SessionMalformed/, (saved) => flipped(saved, 100)],
    ["in its session", /SessionMalformed/, (saved) => flipped(saved, saved.length - 100)],
    ["cut off", /SessionMalformed/, (saved) => saved.subarray(0, saved.length - 10)],
    ["cut off early", /SessionMalformed/, (saved) => saved.subarray(0, 90)],
  ];
  for (const [how, code, change] of changes)
    test(how, async ({ chat }) => {
      await chat.open(await randomModel());
      await chat.set({ "Most tokens": "5" });
      await chat.send("a b c");
      const told = await chat.written();
      const saved = await chat.save();
      await chat.restore(file(saved.name, change(saved.buffer)));
      await expect(chat.problem).toContainText(code);
      expect(await chat.written()).toBe(told);
      await chat.restore(saved);
      await expect(chat.log).toContainText("Restored.");
    });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

test("a chat of another model is refused", async ({ chat }) => {
  const model = await randomModel();
  await chat.open(model);
  await chat.set({ "Most tokens": "5" });
  await chat.send("a b c");
  await chat.written();
  const saved = await chat.save();
  const other = Buffer.from(model.buffer);
  other[other.length - 100] = (other[other.length - 100] ?? 0) ^ 1;
  await chat.open(file("other.gguf", other));
  await chat.restore(saved);
  await expect(chat.problem).toContainText("SessionForeign");
});

test("reading can be cancelled, and the page is as it was", async ({ demo, chat, page }) => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/andon-text*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  const model = await randomModel();
  await page.setInputFiles("#model-file", model);
  await expect(page.getByRole("heading", { name: "Reading" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator("#opening")).toBeHidden();
  release();
  await expect(demo.verdict).toBeHidden();
  await expect(chat.area).toBeHidden();
  await chat.open(model);
});
