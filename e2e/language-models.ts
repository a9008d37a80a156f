// Language models to show to the page: random ones, made here, and stories260K where it lies beside the repository.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { makeModel } from "../scripts/lib/random-gguf.mjs";
import { expect, test as base, type Demo } from "./page.js";
import { file, type TestFile } from "./packages.js";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const small = { layers: 4, hidden: 256, intermediate: 1024, heads: 4, kvHeads: 2 };
const large = { layers: 12, hidden: 512, intermediate: 2048, heads: 8, kvHeads: 4 };

async function made(
  name: string,
  size: typeof small,
  options: { type: string; headType: string; endless?: boolean },
): Promise<TestFile> {
  const own = process.env["TEST_PARALLEL_INDEX"] ?? ""; // two that write one file disturb each other
  const path = fromRoot(`build/e2e-models/${own}/${name}`);
  await makeModel(path, {
    architecture: "qwen3",
    ...options,
    tied: true,
    shape: { ...size, headDim: 64, vocabulary: 8192, context: 4096 },
  });
  return file(name, await readFile(path));
}

/** Large enough to be seen writing, small enough to be made in no time: 4 MB. Its words are "tok300" and the like. */
export const randomModel = (
  name = "random.gguf",
  types = { type: "q8_0", headType: "q8_0" },
): Promise<TestFile> => made(name, small, types);

/**
 * Writes until its 4,096 tokens are full, and for so long that whatever is done meanwhile ends before: 31 MB. Others end
 * their text when they draw a token that says so, sooner or later.
 */
export const slowModel = (): Promise<TestFile> =>
  made("slow.gguf", large, { type: "q4_K", headType: "q8_0", endless: true });

/** A model that was taught to tell stories, and knows no chat. */
export function storyModel(): TestFile | undefined {
  const path = "../shared/data/models/stories260K/stories260K.gguf";
  try {
    return file("stories260K.gguf", readFileSync(fromRoot(path)));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
    process.stderr.write(`NOT CHECKED: ${path} is absent\n`);
    return undefined;
  }
}

type Number = "Temperature" | "Top p" | "Top k" | "Most tokens" | "Seed";

export class Chat {
  readonly area;
  readonly log;
  readonly answers;
  readonly box;
  readonly problem;
  readonly stopButton;
  readonly goOnButton;

  constructor(readonly demo: Demo) {
    const { page } = demo;
    this.area = page.locator("#chat");
    this.log = this.area.getByRole("region", { name: "What was said" });
    this.answers = this.log.locator('[data-role="assistant"] .said');
    this.box = page.locator("#chat-box");
    this.problem = this.area.locator(".chat-main > .problem");
    this.stopButton = this.area.getByRole("button", { name: "Stop" });
    this.goOnButton = this.log.getByRole("button", { name: "Go on" });
  }

  async open(model: TestFile): Promise<void> {
    await this.demo.open(model);
    await expect(this.demo.verdict).toContainText(model.name); // no longer that of a file before
    await expect(this.area).toBeVisible();
  }

  async set(values: Partial<Record<Number, string>>): Promise<void> {
    for (const [name, value] of Object.entries(values))
      await this.area.getByLabel(name).fill(value);
  }

  async send(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  /** All that the model has written last, when it has ended. */
  async written(): Promise<string> {
    await expect(this.stopButton).toBeHidden();
    return (await this.answers.last().textContent()) ?? "";
  }

  async save(): Promise<TestFile> {
    const download = this.demo.page.waitForEvent("download");
    await this.area.getByRole("button", { name: "Save" }).click();
    const saved = await download;
    return file(saved.suggestedFilename(), await readFile(await saved.path()));
  }

  async restore(chat: TestFile): Promise<void> {
    await this.demo.page.setInputFiles("#chat-file", chat);
  }
}

export const test = base.extend<{ chat: Chat }>({
  chat: async ({ demo }, use) => {
    await use(new Chat(demo));
  },
});
