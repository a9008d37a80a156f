// The page under test. Whatever a test does, the page must not break its Content-Security-Policy,
// throw, or ask another machine for anything; that is checked after each test.

import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type { TestFile } from "./packages.js";

export { expect };

class Watch {
  readonly troubles: string[] = [];

  constructor(page: Page, origin: string) {
    page.on("pageerror", (error) => this.troubles.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.troubles.push(`console: ${message.text()}`);
    });
    page.on("dialog", (dialog) => {
      this.troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !url.startsWith("blob:")) this.troubles.push(`asked: ${url}`);
    });
  }
}

export class Demo {
  readonly verdict: Locator;
  readonly answer: Locator;
  readonly batch: Locator;
  readonly weights: Locator;
  readonly about: Locator;

  constructor(readonly page: Page) {
    this.verdict = page.locator("#verdict");
    this.answer = page.locator("#outcome");
    this.batch = page.locator("#batch");
    this.weights = page.locator("#weights");
    this.about = page.locator("#about");
  }

  /** Picks a model with the button's file input, and waits for its verdict. */
  async open(model: TestFile): Promise<void> {
    await this.page.setInputFiles("#model-file", model);
    await expect(this.verdict).toBeVisible();
  }

  async example(title: string): Promise<void> {
    await this.page.getByRole("button", { name: title }).first().click();
    await expect(this.verdict).toBeVisible();
  }

  async score(table: TestFile): Promise<void> {
    await this.page.setInputFiles("#table-file", table);
  }

  /** Drops a file on an element, as a person with a mouse would. */
  async drop({ name, buffer }: TestFile, on = "body"): Promise<void> {
    const data = await this.page.evaluateHandle(
      ([title, base64]) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], title));
        return transfer;
      },
      [name, buffer.toString("base64")] as const,
    );
    for (const type of ["dragenter", "dragover", "drop"])
      await this.page.dispatchEvent(on, type, { dataTransfer: data });
  }

  async expectNoSidewaysScroll(): Promise<void> {
    const widths = await this.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(widths[0]).toBe(widths[1]);
  }
}

export const test = base.extend<{ demo: Demo; troubles: string[] }>({
  troubles: async ({ page, baseURL }, use) => {
    const { troubles } = new Watch(page, baseURL ?? "");
    await use(troubles);
    expect(troubles).toEqual([]);
  },
  demo: async ({ page, troubles }, use) => {
    expect(troubles).toEqual([]);
    await page.goto("/");
    await use(new Demo(page));
  },
});
