// The assistant of the page.

import type { Locator } from "@playwright/test";
import { expect, test as base, type Demo } from "./page.js";

export class Assistant {
  readonly area;
  readonly members;
  readonly route;
  readonly answer;
  readonly base;
  readonly stopButton;

  constructor(readonly demo: Demo) {
    this.area = demo.page.locator("#assistant");
    this.members = this.area.locator(".member");
    this.route = this.area.locator(".route");
    this.answer = this.area.locator("#answer");
    this.base = this.area.locator("#base-answer");
    this.stopButton = this.area.getByRole("button", { name: "Stop" });
  }

  /** With all that comes with the page. */
  async open(): Promise<void> {
    await this.demo.page.getByRole("button", { name: "Assistant" }).click();
    await expect(this.members).toHaveCount(6);
  }

  card(name: string): Locator {
    const heading = this.demo.page.locator("h3", { hasText: new RegExp(`^${name}( |$)`) });
    return this.members.filter({ has: heading });
  }

  attached(name: string): Locator {
    return this.card(name).getByRole("switch", { name: "Attached" });
  }

  /** Waits until all answers are there. */
  async ask(question: string): Promise<void> {
    await this.area.getByLabel("Question").fill(question);
    await this.send();
  }

  async example(title: string): Promise<void> {
    await this.area.getByRole("button", { name: title, exact: true }).click();
    await this.send();
  }

  private async send(): Promise<void> {
    await this.area.getByLabel("Question").press("Enter");
    await expect(this.answer).toBeVisible();
    await expect(this.stopButton).toBeHidden();
  }
}

export const test = base.extend<{ assistant: Assistant }>({
  assistant: async ({ demo }, use) => {
    const assistant = new Assistant(demo);
    await assistant.open();
    await use(assistant);
  },
});
