import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { Assistant } from "./assistant.js";
import { Chat, storyModel } from "./language-models.js";
import { expect, test } from "./page.js";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

test.use({ serviceWorkers: "allow" });

const pathOf = (name: string): string => fromRoot(`docs/images/${name}.png`);

async function calm(page: Page): Promise<void> {
  await expect(page.locator("#offline")).toHaveText("Works offline");
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
}

async function takePicture(page: Page, name: string, height: number): Promise<void> {
  await page.setViewportSize({ width: 1200, height });
  await calm(page);
  await page.screenshot({ path: pathOf(name), animations: "disabled" });
}

test("the page with a signed model", async ({ demo, page }) => {
  const key = readFileSync(fromRoot("examples/demo-key.pub.pem"), "utf8");
  await page.getByText("Whose signature is required?").click();
  await page.getByLabel("Ed25519 public key").fill(key);
  await page.getByLabel("What to call its owner").fill("Andon’s examples");
  await page.getByRole("button", { name: "Require this key" }).click();
  await page.getByText("Whose signature is required?").click();
  await demo.example("Iris, signed");
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await expect(demo.answer.getByRole("listitem")).toHaveCount(3);
  await takePicture(page, "demo", 1350);
});

test("the page with an expert that a root vouches for", async ({ demo, page }) => {
  await page.getByRole("button", { name: "Require their root" }).click();
  await expect(page.locator("#trust-state")).toContainText("Only");
  await demo.example("SQL expert");
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await expect(page.locator("#adapters")).toContainText("8 layers");
  await page.getByRole("button", { name: "Check every byte" }).click();
  await expect(demo.verdict).toContainText("Every byte accounted for");
  await takePicture(page, "expert", 980);
  const inside = page.locator("#adapters, #adapters + .pair");
  const boxes = await Promise.all((await inside.all()).map((one) => one.boundingBox()));
  const top = Math.min(...boxes.map((box) => box?.y ?? 0)) - 24;
  const bottom = Math.max(...boxes.map((box) => (box ? box.y + box.height : 0))) + 24;
  const clip = { x: 0, y: top, width: 1200, height: bottom - top };
  const path = pathOf("expert-inside");
  await page.screenshot({ path, clip, fullPage: true, animations: "disabled" });
});

test("the page with a language model that tells a story", async ({ demo, page }) => {
  const model = storyModel();
  if (!model) return;
  const chat = new Chat(demo);
  await chat.open(model);
  await chat.set({ Temperature: "0.8", Seed: "4", "Most tokens": "220" });
  await chat.send("Once upon a time, there was a robot that");
  await chat.written();
  await page.setViewportSize({ width: 1200, height: 800 });
  await calm(page);
  const box = await chat.area.boundingBox();
  const clip = { x: 0, y: 0, width: 1200, height: (box?.y ?? 0) + (box?.height ?? 0) + 24 };
  await page.screenshot({ path: pathOf("chat"), clip, fullPage: true, animations: "disabled" });
});

test("the page with an assistant whose SQL expert answers", async ({ demo, page }) => {
  const assistant = new Assistant(demo);
  await assistant.open();
  await assistant.example("SQL");
  await expect(assistant.base).toContainText("tokens/s");
  await page.setViewportSize({ width: 1200, height: 800 });
  await calm(page);
  const box = await assistant.area.boundingBox();
  const top = (box?.y ?? 0) - 24;
  const clip = { x: 0, y: top, width: 1200, height: (box?.height ?? 0) + 48 };
  const path = pathOf("assistant");
  await page.screenshot({ path, clip, fullPage: true, animations: "disabled" });
});
