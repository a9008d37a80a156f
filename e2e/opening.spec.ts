import { expect, test } from "./page.js";
import { file, flowers, mixed, packed } from "./packages.js";

test("the button opens a file chooser, and the file that is chosen", async ({ demo, page }) => {
  const model = await packed(flowers, "flowers.aprender");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose a file" }).click();
  await (await chooser).setFiles(model);
  await expect(page.getByRole("heading", { name: "Intact, but not signed" })).toBeFocused();
  await expect(demo.verdict).toContainText("flowers.aprender");
  await expect(demo.verdict).toContainText("Every byte accounted for");
});

test("the whole page takes a dropped model", async ({ demo, page }) => {
  await demo.drop(await packed(flowers, "dropped.aprender"), "footer");
  await expect(demo.verdict).toContainText("dropped.aprender");
  await expect(page.locator("#veil")).toBeHidden();
});

test("a dragged file is announced over the page until it leaves", async ({ page, demo }) => {
  await expect(demo.verdict).toBeHidden();
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["x"], "x"));
    return transfer;
  });
  await page.dispatchEvent("body", "dragenter", { dataTransfer: data });
  await expect(page.locator("#veil")).toBeVisible();
  await page.dispatchEvent("body", "dragleave", { dataTransfer: data });
  await expect(page.locator("#veil")).toBeHidden();
});

test("a second model takes the place of the first", async ({ demo }) => {
  await demo.open(await packed(flowers, "first.aprender"));
  await expect(demo.answer).toContainText("setosa");
  await demo.open(await packed(mixed, "second.aprender"));
  await expect(demo.verdict).toContainText("second.aprender");
  await expect(demo.answer).not.toContainText("setosa");
});

test("opening can be cancelled, and leaves the page as it was", async ({ demo, page }) => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/andon.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.setInputFiles("#model-file", await packed(flowers));
  await expect(page.getByRole("heading", { name: "Reading" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator("#opening")).toBeHidden();
  release();
  await expect(demo.verdict).toBeHidden();
  await demo.open(await packed(flowers, "again.aprender"));
  await expect(demo.verdict).toContainText("again.aprender");
});

test("a file of no known format is named as such", async ({ demo }) => {
  await demo.open(file("notes.txt", "just some notes, nothing else"));
  await expect(demo.verdict).toContainText("Not a model that Andon reads");
  await expect(demo.page.locator("#refusal")).toHaveText("UnknownFormat");
  await expect(demo.page.locator("#model")).toBeHidden();
});

test("what language models need is not loaded for anything else", async ({ demo, page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.reload();
  await demo.open(await packed(flowers));
  await demo.example("SQL expert");
  expect(asked).toContain("/andon/wasm/andon.wasm");
  expect(asked.filter((path) => /chat\/|\/text\/load|andon-text|jinja/.test(path))).toEqual([]);
});

test("a truncated model is refused, and the model before it is gone", async ({ demo, page }) => {
  const model = await packed(flowers);
  await demo.open(model);
  await expect(page.locator("#model")).toBeVisible();
  await demo.open({ ...model, buffer: model.buffer.subarray(0, -20) });
  await expect(demo.verdict).toContainText("Stopped");
  await expect(page.locator("#refusal")).toHaveText("ZipNoEndRecord");
  await expect(page.locator("#model")).toBeHidden();
});

for (const [title, verdict] of [
  ["Iris", "Intact, but not signed"],
  ["Diabetes", "Intact, but not signed"],
  ["Iris, signed", "by a key you have not vouched for"],
  ["Iris, tampered with", "Stopped"],
] as const)
  test(`the example "${title}" is one click away`, async ({ demo }) => {
    await demo.example(title);
    await expect(demo.verdict).toContainText(verdict);
  });

test("the model says where it comes from and how it was made", async ({ demo }) => {
  await demo.open(await packed(flowers));
  for (const text of [
    "9 October 2025",
    "4f1c2d9e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d",
    "x86_64-linux",
    "Logistic regression",
    "6f9619ff-8b86-4011-b42d-00c04fc964ff",
    "1.2.0",
  ])
    await expect(demo.about).toContainText(text);
  await demo.about.getByText("Hyperparameters (1)").click();
  await expect(demo.about.getByRole("row", { name: "solver lbfgs" })).toBeVisible();
  await demo.about.getByText(/^Files \(3\)/).click();
  await expect(demo.about.getByRole("row", { name: /weights\.safetensors/ })).toBeVisible();
  await demo.about.getByText("Tensors (2)").click();
  await expect(demo.about.getByRole("row", { name: "coefficients F64 3 × 4" })).toBeVisible();
});

test("a model that says nothing of its origin is shown so", async ({ demo }) => {
  await demo.open(await packed(mixed));
  await expect(demo.about).toContainText("The file says nothing about where it comes from.");
});
