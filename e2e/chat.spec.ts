import { expect } from "./page.js";
import { Chat, randomModel, slowModel, test } from "./language-models.js";
import { safetensorsFolder, splitModel } from "./model-files.js";
import { file } from "./packages.js";

const sampled = { Temperature: "0.8", "Top k": "40", "Top p": "0.9", Seed: "7" };

test("a GGUF gets an honest verdict, and says what it is", async ({ demo, chat, page }) => {
  await chat.open(await randomModel());
  await expect(page.getByRole("heading", { name: "Well-formed, but nobody" })).toBeFocused();
  await expect(demo.verdict).toContainText("random.gguf");
  await expect(demo.verdict).toContainText("carry no signature");
  await expect(demo.verdict).toContainText("compared with nothing");
  await expect(demo.verdict.locator(".key")).toHaveText(/^[0-9a-f]{64}$/);
  const about = page.locator("#about-text");
  for (const text of ["qwen3", "GGUF 3", "8,192 tokens", "4,096 tokens", "Byte-level BPE"])
    await expect(about).toContainText(text);
  await about.getByText("Types of tensors").click();
  await expect(about.getByRole("row", { name: /Q8_0/i })).toBeVisible();
  await about.locator("summary", { hasText: "Chat template" }).click();
  await expect(about.locator("pre")).toContainText("<|im_start|>");
});

test("a SHA-256 that is asked for is enforced", async ({ demo, chat, page }) => {
  const model = await randomModel();
  await chat.open(model);
  const hash = (await demo.verdict.locator(".key").textContent()) ?? "";
  await page.getByText("Whose signature is required?").click();
  const field = page.getByLabel("SHA-256 that a language model must have");
  await field.fill(hash);
  await field.blur();
  await expect(demo.verdict).toContainText("It has the SHA-256 that you asked for");
  await page.getByRole("button", { name: "Change one byte of a copy" }).click();
  await expect(page.locator("#refusal")).toHaveText("FileHash");
  await expect(chat.area).toBeHidden();
});

test("hashes that come with the file are enforced", async ({ demo, chat, page }) => {
  const model = await randomModel();
  const wrong = file("random.gguf.sha256", `${"0".repeat(64)}  random.gguf\n`);
  await page.setInputFiles("#model-file", [model, wrong]);
  await expect(page.locator("#refusal")).toHaveText("FileHash");
  await chat.open(model);
  const hash = (await demo.verdict.locator(".key").textContent()) ?? "";
  await page.setInputFiles("#model-file", [model, file("SHA256SUMS", `${hash}  random.gguf\n`)]);
  await expect(demo.verdict).toContainText("It has the SHA-256 that you asked for");
});

test("the parts of a split GGUF are one model, in whatever order they come", async ({
  demo,
  chat,
  page,
}) => {
  const whole = await randomModel();
  const settings = { Temperature: "0", "Most tokens": "12" };
  await chat.open(whole);
  await chat.set(settings);
  await chat.send("a b c");
  const told = await chat.written();
  await page.setInputFiles("#model-file", splitModel(whole).reverse());
  await expect(demo.verdict).toContainText("and 1 other file");
  await expect(chat.area).toBeVisible();
  await chat.set(settings);
  await chat.send("a b c");
  expect(await chat.written()).toBe(told);
});

test("the files of a safetensors folder are one model", async ({ demo, chat, page }) => {
  await page.setInputFiles("#model-file", safetensorsFolder());
  await expect(demo.verdict).toContainText("Well-formed, but nobody vouches for it");
  await expect(page.locator("#about-text")).toContainText("safetensors");
  await chat.set({ Temperature: "0", "Most tokens": "12" });
  await chat.send("Once");
  await chat.written();
  await expect(chat.log).toContainText(/Ended after 12 tokens/);
});

test("a conversation streams, and the model is told all of it", async ({ chat }) => {
  await chat.open(await randomModel());
  await chat.set({ ...sampled, "Most tokens": "40" });
  await chat.send("a b c d");
  await expect(chat.log).toContainText("a b c d");
  const first = await chat.written();
  expect(first).toContain("tok");
  await expect(chat.area).toContainText("tokens/s");
  await chat.send("e f g");
  await expect(chat.answers).toHaveCount(2);
  expect(await chat.written()).not.toBe(first);
  await expect(chat.area).toContainText("known before");
  await expect(chat.area.locator("dl")).toContainText(/\d+ of 4,096 tokens/);
  await expect(chat.area.locator("dl")).toContainText("of it weights");
});

test("the same seed gives the same text, another one another", async ({ chat }) => {
  await chat.open(await randomModel());
  const told: string[] = [];
  for (const seed of ["7", "8", "7"]) {
    await chat.area.getByRole("button", { name: "New" }).click();
    await chat.set({ ...sampled, Seed: seed, "Most tokens": "30" });
    await chat.send("a b c");
    told.push(await chat.written());
  }
  expect(told[2]).toBe(told[0]);
  expect(told[1]).not.toBe(told[0]);
});

test("the system message is told first", async ({ chat }) => {
  await chat.open(await randomModel());
  await chat.set({ Temperature: "0", "Most tokens": "10" });
  await chat.send("a b");
  const without = await chat.written();
  await chat.area.getByRole("button", { name: "New" }).click();
  await chat.area.getByLabel("System message").fill("z y x w v");
  await chat.send("a b");
  expect(await chat.written()).not.toBe(without);
});

test("writing stops at once, and the page never freezes", async ({ chat, page }) => {
  await chat.open(await slowModel());
  await chat.set({ ...sampled, "Most tokens": "4000" });
  await page.evaluate(() => {
    const seen = { frames: 0, longest: 0, last: performance.now() };
    Object.assign(globalThis, { seen });
    const frame = (): void => {
      const now = performance.now();
      seen.frames += 1;
      seen.longest = Math.max(seen.longest, now - seen.last);
      seen.last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const seen = (): Promise<{ frames: number; longest: number }> =>
    page.evaluate(
      () => (globalThis as unknown as { seen: { frames: number; longest: number } }).seen,
    );
  await chat.send("a b c");
  await expect(chat.answers.last()).toContainText(/tok.*tok.*tok/);
  const before = await seen();
  await page.waitForTimeout(500);
  const after = await seen();
  expect(after.frames - before.frames).toBeGreaterThan(5);
  expect(after.longest).toBeLessThan(1000);
  const took = await page.evaluate(async () => {
    const stop = document.querySelector<HTMLElement>(".stop");
    const start = performance.now();
    stop?.click();
    while (stop?.hidden === false) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  });
  expect(took).toBeLessThan(1000);
  await expect(chat.log).toContainText("Stopped.");
  const told = await chat.written();
  await page.waitForTimeout(200);
  expect(await chat.written()).toBe(told);
});

test("stopped, saved, and restored after a reload it goes on identically", async ({
  demo,
  chat,
  page,
}) => {
  const model = await slowModel();
  await chat.open(model);
  await chat.set({ ...sampled, "Most tokens": "4000" });
  await chat.send("a b c");
  await expect(chat.answers.last()).toContainText(/tok.*tok.*tok/);
  await chat.stopButton.click();
  const half = await chat.written();
  const saved = await chat.save();
  expect(saved.name).toMatch(/\.andon-chat$/);
  await chat.set({ "Most tokens": "60" });
  await chat.goOnButton.click();
  await expect(chat.log).toContainText("Ended after 60 tokens.");
  const whole = await chat.written();
  expect(whole.startsWith(half)).toBe(true);
  expect(whole.length).toBeGreaterThan(half.length);

  await page.reload();
  const again = new Chat(demo);
  await again.open(model);
  await demo.drop(saved);
  await expect(again.log).toContainText("Restored.");
  expect(await again.written()).toBe(half);
  await expect(again.area.getByLabel("Seed")).toHaveValue("7");
  await again.set({ "Most tokens": "60" });
  await again.goOnButton.click();
  await expect(again.log).toContainText("Ended after 60 tokens.");
  expect(await again.written()).toBe(whole);

  await again.area.getByRole("button", { name: "New" }).click();
  await again.set({ "Most tokens": "4000" });
  await again.send("a b c");
  await expect
    .poll(async () => ((await again.answers.last().textContent()) ?? "").length, {
      timeout: 30_000,
    })
    .toBeGreaterThan(whole.length);
  await again.stopButton.click();
  expect((await again.written()).startsWith(whole)).toBe(true);
});

test("a conversation that was restored is answered on", async ({ chat }) => {
  await chat.open(await randomModel());
  await chat.set({ ...sampled, "Most tokens": "20" });
  await chat.send("a b c");
  await chat.written();
  const saved = await chat.save();
  await chat.send("d e f");
  await expect(chat.answers).toHaveCount(2);
  const next = await chat.written();
  await chat.area.getByRole("button", { name: "New" }).click();
  await expect(chat.log).toContainText("Nothing was said yet.");
  await chat.restore(saved);
  await expect(chat.answers).toHaveCount(1);
  await chat.send("d e f");
  await expect(chat.answers).toHaveCount(2);
  expect(await chat.written()).toBe(next);
});

test("a session that a program saved is gone on with, as a text", async ({ demo, chat }) => {
  await chat.open(await randomModel());
  await chat.set({ ...sampled, "Most tokens": "20" });
  await chat.send("a b c");
  const told = await chat.written();
  const { buffer } = await chat.save();
  const session = buffer.subarray(buffer.indexOf("\nANDNSESS") + 1);
  await demo.drop(file("saved.session", session));
  await expect(chat.area.getByLabel("Go on with a text")).toBeChecked();
  await expect(chat.log).toContainText("Restored.");
  expect(await chat.written()).toContain(told);
  await chat.goOnButton.click();
  await expect.poll(async () => (await chat.written()).length).toBeGreaterThan(told.length + 100);
});

test("a model that can chat goes on with texts as well", async ({ chat, page }) => {
  await chat.open(await randomModel());
  await chat.set({ Temperature: "0", "Most tokens": "12" });
  await page.getByLabel("Go on with a text").check();
  await chat.box.fill("a b c");
  await chat.area.getByRole("button", { name: "Continue" }).click();
  const first = await chat.written();
  await chat.goOnButton.click();
  await expect.poll(() => chat.written()).not.toBe(first);
  expect((await chat.written()).startsWith(first)).toBe(true);
});

test("a wrong setting is told before anything is asked", async ({ chat }) => {
  await chat.open(await randomModel());
  await chat.set({ "Top p": "1.5" });
  await chat.send("a");
  await expect(chat.area.getByLabel("Top p")).toBeFocused();
  await expect(chat.area).toContainText("This is not a number from 0 to 1.");
  await expect(chat.answers).toHaveCount(0);
  await expect(chat.box).toHaveValue("a");
});

test("what does not fit the context is given back", async ({ chat }) => {
  await chat.open(await randomModel());
  const long = "a ".repeat(5000);
  await chat.send(long);
  await expect(chat.problem).toContainText("ContextFull");
  await expect(chat.answers).toHaveCount(0);
  await expect(chat.box).toHaveValue(long);
  await chat.set({ "Most tokens": "5" });
  await chat.send("a b");
  await expect(chat.problem).toBeHidden();
  expect(await chat.written()).not.toBe("");
});

test("another file takes the place of a model that is writing", async ({ demo, chat }) => {
  await chat.open(await slowModel());
  await chat.set({ ...sampled, "Most tokens": "4000" });
  await chat.send("a b c");
  await expect(chat.answers.last()).toContainText("tok");
  await demo.example("Iris");
  await expect(demo.answer).toBeVisible();
  await expect(chat.area).toBeHidden();
});
