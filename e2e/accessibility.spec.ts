import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { issueRevocationList } from "andon";
import { expect, test } from "./page.js";
import { Assistant } from "./assistant.js";
import { Chat, randomModel, slowModel } from "./language-models.js";
import { author, expert, modules, root, signedExpert } from "./experts.js";
import { file, flowers, mixed, packed, signer, wide } from "./packages.js";

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual(
    [],
  );
}

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [1280, 360])
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" });

      test("the first sight, with the trust form open", async ({ demo, page }) => {
        await page.getByText("Whose signature is required?").click();
        await expect(demo.verdict).toBeHidden();
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("a classifier with everything unfolded and a table", async ({ demo, page }) => {
        await demo.open(await packed(flowers, "m.aprender", signer(1).seed));
        await demo.score(file("t.csv", `a,b,c,d,e\n${"1,2,3,4,5\n".repeat(12)}`));
        await expect(demo.batch.getByRole("status")).toContainText("12 rows predicted");
        for (const details of await demo.about.locator("summary").all()) await details.click();
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("a wide regression with all weights", async ({ demo, page }) => {
        await demo.open(await packed(wide(300)));
        await page.getByRole("button", { name: "Show all 300" }).click();
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("mistakes in the form and in a table", async ({ demo, page }) => {
        await demo.open(await packed(mixed));
        await page.locator("#form").getByLabel("f", { exact: true }).fill("x");
        await demo.score(file("t.csv", "f,i\n1,2\n"));
        await expect(demo.batch.getByRole("alert")).toBeVisible();
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("an expert with everything unfolded, and a revocation list", async ({ demo, page }) => {
        const entries = [{ kind: "key", id: signer(30).base64 } as const];
        const list = await issueRevocationList({ number: 1, entries }, root.seed);
        await page.getByText("Whose signature is required?").click();
        await page.setInputFiles("#list-file", file("a.crl", list));
        await demo.open(await signedExpert({ peft: { layers: 28, modules, rank: 4 } }));
        await expect(page.locator("#adapters")).toContainText("28 layers");
        for (const details of await page.locator("#expert summary").all()) await details.click();
        await expect(page.locator("#extras pre").first()).toBeVisible();
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("an expert of version 1", async ({ demo, page }) => {
        await demo.open(await expert({ version: 1, signedBy: author }));
        await expect(demo.verdict).toContainText("deprecated");
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("a chat with a language model, everything unfolded", async ({ demo, page }) => {
        const chat = new Chat(demo);
        await chat.open(await randomModel());
        for (const details of await page.locator("#about-text summary").all())
          await details.click();
        await expectNoViolations(page);
        await chat.set({ "Most tokens": "30", Seed: "7" });
        await chat.send("a b c");
        await chat.written();
        await chat.set({ "Top p": "2" });
        await expect(chat.area).toContainText("This is not a number");
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("a text that is being written", async ({ demo, page }) => {
        const chat = new Chat(demo);
        await chat.open(await slowModel());
        await page.getByLabel("Go on with a text").check();
        await chat.set({ "Most tokens": "4000" });
        await chat.send("a b c");
        await expect(chat.answers.last()).toContainText("tok");
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
        await chat.stopButton.click();
        await expect(chat.log).toContainText("Stopped.");
        await expectNoViolations(page);
      });

      test("the assistant, answering", async ({ demo, page }) => {
        const assistant = new Assistant(demo);
        await assistant.open();
        await expectNoViolations(page);
        await assistant.example("SQL");
        await expect(assistant.base).toContainText("tokens/s");
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });

      test("a refusal", async ({ demo, page }) => {
        await demo.example("Iris, tampered with");
        await expectNoViolations(page);
        await demo.expectNoSidewaysScroll();
      });
    });

/** Tabs on until the focus, which must be seen, is on what is called so. */
async function tabTo(page: Page, until: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const active = document.activeElement as HTMLElement;
      const labelled = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement;
      const labels = labelled ? active.labels : null;
      return labels?.[0]?.textContent ?? active.textContent;
    });
    const seen = await page.evaluate(
      () => getComputedStyle(document.activeElement as Element).outlineStyle !== "none",
    );
    expect(seen, `the focus on "${name}" can be seen`).toBe(true);
    if (name.startsWith(until)) return;
  }
  throw new Error(`the keyboard never reaches "${until}"`);
}

test("by keyboard alone: example, answer, weights, provenance", async ({ demo, page }) => {
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await tabTo(page, "Iris which");
  await page.keyboard.press("Enter");
  await expect(page.locator("#verdict-title")).toBeFocused();
  await tabTo(page, "petal_length");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("1.0");
  await tabTo(page, "petal_width");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("0.2");
  await expect(demo.answer.locator(".answer")).toContainText("setosa");
  await tabTo(page, "Features (4)");
  await page.keyboard.press("Enter");
  await expect(demo.about.getByRole("table")).toBeVisible();
});

test("by keyboard alone: an expert, its verdict, a layer, its grammar", async ({ demo, page }) => {
  await page.keyboard.press("Tab");
  await tabTo(page, "SQL expert");
  await page.keyboard.press("Enter");
  await expect(page.locator("#verdict-title")).toBeFocused();
  await expect(page.locator("#adapters")).toContainText("8 layers");
  await tabTo(page, "Check every byte");
  await page.keyboard.press("Enter");
  await expect(page.locator("#verdict-title")).toBeFocused();
  await expect(demo.verdict).toContainText("Every byte accounted for");
  await tabTo(page, "Look at one");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("region", { name: "Modules of Layer 1" })).toBeVisible();
  await tabTo(page, "Grammar");
  await page.keyboard.press("Enter");
  await expect(page.locator("#extras pre")).toContainText("SELECT");
});

test("by keyboard alone: a chat, stopped and gone on with", async ({ demo, page }) => {
  const chat = new Chat(demo);
  await chat.open(await slowModel());
  await expect(page.locator("#verdict-title")).toBeFocused();
  await tabTo(page, "Message");
  await page.keyboard.type("a b");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("c");
  await expect(chat.box).toHaveValue("a b\nc");
  await page.keyboard.press("Enter");
  await expect(chat.answers.last()).toContainText("tok");
  await page.keyboard.press("Escape");
  await expect(chat.log).toContainText("Stopped.");
  await expect(chat.box).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(chat.goOnButton).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(chat.stopButton).toBeVisible();
  await tabTo(page, "Stop");
  await page.keyboard.press("Enter");
  await expect(chat.log).toContainText("Stopped.");
  await expect(chat.box).toBeFocused();
});

test("by keyboard alone: the assistant, an expert, a question", async ({ demo, page }) => {
  const assistant = new Assistant(demo);
  await page.keyboard.press("Tab");
  await tabTo(page, "Assistant");
  await page.keyboard.press("Enter");
  await expect(page.locator("#assistant-title")).toBeFocused();
  await expect(assistant.members).toHaveCount(6);
  await tabTo(page, "Attached expert-sql");
  await page.keyboard.press("Space");
  await expect(assistant.attached("expert-sql")).toBeChecked();
  await tabTo(page, "Question");
  await page.keyboard.press("Enter");
  await expect(assistant.answer).toContainText("tokens/s");
  await expect(assistant.stopButton).toBeHidden();
  await expect(assistant.area.getByLabel("Question")).toBeFocused();
});

test("an answer is announced once, when it is there", async ({ demo, page }) => {
  const chat = new Chat(demo);
  await chat.open(await randomModel());
  await chat.set({ "Most tokens": "60", Seed: "7" });
  const spoken = chat.area.getByRole("status");
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    const status = document.querySelector("#chat [role=status]");
    if (status)
      new MutationObserver(() => told.push(status.textContent)).observe(status, {
        childList: true,
        characterData: true,
        subtree: true,
      });
  });
  await chat.send("a b c");
  const answer = await chat.written();
  await expect(spoken).toHaveText(answer);
  const told = await page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  expect(told).toEqual(["Writing", answer]);
});

test("with motion reduced nothing moves on its own", async ({ demo, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await demo.open(await packed(flowers));
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll("*")].filter((one) => {
        const { transitionDuration, animationName } = getComputedStyle(one);
        return transitionDuration !== "0s" || animationName !== "none";
      }).length,
  );
  expect(moving).toBe(0);
});
