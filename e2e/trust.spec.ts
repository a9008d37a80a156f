import { expect, test } from "./page.js";
import { file, flowers, packed, signer } from "./packages.js";

const friend = signer(1);
const stranger = signer(2);

test("a signature by a key that nobody named is shown as such", async ({ demo }) => {
  await demo.open(await packed(flowers, "m.aprender", friend.seed));
  await expect(demo.verdict).toContainText("signed, by a key you have not vouched for");
  await expect(demo.verdict).toContainText(friend.base64);
});

test("a pasted key is required from then on", async ({ demo, page }) => {
  await page.getByText("Whose signature is required?").click();
  await page.getByLabel("Ed25519 public key").fill(friend.pem);
  await page.getByLabel("What to call its owner").fill("A friend");
  await page.getByRole("button", { name: "Require this key" }).click();
  await expect(page.locator("#trust-state")).toHaveText("Only A friend");

  await demo.open(await packed(flowers, "m.aprender", friend.seed));
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await expect(demo.verdict).toContainText("A friend");

  await demo.open(await packed(flowers, "m.aprender", stranger.seed));
  await expect(page.locator("#refusal")).toHaveText("SignerUnknown");
  await expect(demo.verdict).toContainText("not signed by the key you require");

  await demo.open(await packed(flowers));
  await expect(page.locator("#refusal")).toHaveText("SignatureMissing");
  await expect(page.locator("#model")).toBeHidden();
});

test("the open file is judged again when the required key changes", async ({ demo, page }) => {
  await demo.open(await packed(flowers, "m.aprender", friend.seed));
  await page.getByText("Whose signature is required?").click();
  await page.getByLabel("Ed25519 public key").fill(stranger.base64);
  await page.getByRole("button", { name: "Require this key" }).click();
  await expect(demo.verdict).toContainText("Stopped");
  await page.getByRole("button", { name: "Require none" }).click();
  await expect(demo.verdict).toContainText("by a key you have not vouched for");
  await expect(page.getByRole("button", { name: "Require none" })).toBeHidden();
});

test("a signer can be required with one press", async ({ demo, page }) => {
  await demo.open(await packed(flowers, "m.aprender", friend.seed));
  await page.getByRole("button", { name: "Require this signer from now on" }).click();
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await demo.open(await packed(flowers, "m.aprender", stranger.seed));
  await expect(page.locator("#refusal")).toHaveText("SignerUnknown");
});

test("a key can be read from a file", async ({ demo, page }) => {
  await expect(demo.verdict).toBeHidden();
  await page.getByText("Whose signature is required?").click();
  await page.setInputFiles("#key-file", file("publisher.pem", friend.pem));
  await expect(page.getByLabel("Ed25519 public key")).toHaveValue(friend.pem);
});

test("what is no key is refused where it was written", async ({ demo, page }) => {
  await expect(demo.verdict).toBeHidden();
  await page.getByText("Whose signature is required?").click();
  const key = page.getByLabel("Ed25519 public key");
  await key.fill("not a key");
  await page.getByRole("button", { name: "Require this key" }).click();
  await expect(page.getByRole("alert")).toHaveText("This is not an Ed25519 public key.");
  await expect(key).toBeFocused();
  await expect(key).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("#trust-state")).toHaveText("Anyone’s, or none");
});

for (const [kind, key] of [
  ["unsigned", undefined],
  ["signed", friend.seed],
] as const)
  test(`one changed byte in a copy of the ${kind} file is found`, async ({ demo, page }) => {
    await demo.open(await packed(flowers, "m.aprender", key));
    await page.getByRole("button", { name: "Change one byte of a copy" }).click();
    await expect(demo.verdict).toContainText("Stopped");
    await expect(demo.verdict).toContainText(/byte [\d,]+ changed from 0x\w\w to 0x\w\w/);
    await expect(page.locator("#refusal")).not.toBeEmpty();
    await expect(page.locator("#model")).toBeHidden();
  });
