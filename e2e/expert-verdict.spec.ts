// Every verdict that an expert can get, as the page says it.

import { gunzipSync, gzipSync } from "node:zlib";
import { issueRevocationList } from "andon";
import { expect, test, type Demo } from "./page.js";
import { author, expert, flipped, metadata, root, signedExpert } from "./experts.js";
import { file, signer, type TestFile } from "./packages.js";

async function requireRoot({ page }: Demo, scope = ""): Promise<void> {
  await page.getByText("Whose signature is required?").click();
  await page.getByLabel("Ed25519 public key").fill(root.pem);
  await page.getByLabel("What to call its owner").fill("The root");
  await page.getByLabel("For experts of which names").fill(scope);
  await page.getByRole("button", { name: "Require this key" }).click();
  await expect(page.locator("#trust-state")).toHaveText("Only The root");
}

async function expectRefused(demo: Demo, model: TestFile, code: string, words: string) {
  await demo.open(model);
  await expect(demo.page.locator("#refusal")).toHaveText(code);
  await expect(demo.verdict).toContainText(words);
  await expect(demo.verdict).toContainText("Nothing of it was loaded or run.");
  await expect(demo.page.locator("#expert")).toBeHidden();
}

test("trusted: a chain that leads to the key that is required", async ({ demo }) => {
  await requireRoot(demo);
  await demo.open(await signedExpert());
  await expect(demo.verdict).toContainText("Intact, and signed by a key you trust");
  await expect(demo.verdict).toContainText("Every byte accounted for");
  await expect(demo.verdict).toContainText("The author");
  await expect(demo.verdict.locator(".chain li")).toHaveText([
    /The publisher.*Vouched for by The root: may name others who sign expert-\*.*1 January 2044/,
    /The author.*Vouched for by The publisher: may sign expert-test-\*.*1 January 2044/,
  ]);
});

test("unknown: a chain that leads to nobody whom the user knows", async ({ demo }) => {
  await demo.open(await signedExpert());
  await expect(demo.verdict).toContainText("by a key you have not vouched for");
  await expect(demo.verdict).toContainText(author.base64);
  await expect(demo.verdict).toContainText("Not established");
});

test("unknown, while another key is required", async ({ demo }) => {
  await requireRoot(demo);
  const stranger = await expert({ signedBy: signer(3) });
  await expectRefused(demo, stranger, "SignerUnknown", "not signed by the key you require");
});

test("unsigned", async ({ demo }) => {
  const unsigned = await expert();
  await demo.open(unsigned);
  await expect(demo.verdict).toContainText("Intact, but not signed");
  await expect(demo.page.locator("#expert")).toBeVisible();
});

test("unsigned and unknown may be let in beside the key that is required", async ({
  demo,
  page,
}) => {
  await requireRoot(demo);
  const unsigned = await expert();
  await expectRefused(demo, unsigned, "SignatureMissing", "not signed by the key you require");
  await page.getByLabel("files without a signature").check();
  await expect(demo.verdict).toContainText("Intact, but not signed");
  await demo.open(await expert({ signedBy: signer(3) }));
  await expect(page.locator("#refusal")).toHaveText("SignerUnknown");
  await page.getByLabel("files of signers nobody here knows").check();
  await expect(demo.verdict).toContainText("by a key you have not vouched for");
});

test("invalid: a byte of the head was changed after signing", async ({ demo }) => {
  const forged = flipped(await signedExpert(), 0x14); // FILE_SHA256 is among what is signed
  await expectRefused(demo, forged, "SignatureInvalid", "the signature does not match");
});

test("corrupt: a byte of a section was changed", async ({ demo }) => {
  const whole = await signedExpert();
  const damaged = flipped(whole, whole.buffer.length - 1);
  await demo.open(damaged);
  await expect(demo.verdict).toContainText("Stopped: the file is damaged or was changed");
  await expect(demo.page.locator("#refusal")).toHaveText(/^Expert/);
  await expect(demo.page.locator("#expert")).toBeHidden();
});

test("corrupt: the end is missing", async ({ demo }) => {
  const whole = await signedExpert();
  const short = { ...whole, buffer: whole.buffer.subarray(0, -1) };
  await expectRefused(demo, short, "ExpertSectionPlace", "damaged or was changed");
});

test("expired, and valid again when judged as of a time before", async ({ demo, page }) => {
  await requireRoot(demo);
  const old = await signedExpert({ notAfter: new Date("2025-06-30") });
  await expectRefused(demo, old, "CertificateExpired", "the signer’s certificate has expired");
  await page.getByLabel("Judge as of this time (UTC)").fill("2025-06-01T12:00");
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await expect(page.locator("#trust-state")).toHaveText(
    "Only The root · as of 2025-06-01 12:00 UTC",
  );
});

test("not valid yet", async ({ demo, page }) => {
  await demo.open(await signedExpert());
  await page.getByText("Whose signature is required?").click();
  await page.getByLabel("Judge as of this time (UTC)").fill("2023-12-31T23:59");
  await expect(page.locator("#refusal")).toHaveText("CertificateNotYetValid");
  await expect(demo.verdict).toContainText("does not hold yet");
});

test("revoked by a list that is added, and no longer once it is forgotten", async ({
  demo,
  page,
}) => {
  await requireRoot(demo);
  await demo.open(await signedExpert());
  await expect(demo.verdict).toContainText("signed by a key you trust");
  const entries = [{ kind: "key", id: author.base64, reason: "key-compromise" } as const];
  const list = await issueRevocationList({ number: 7, entries }, root.seed);
  await page.setInputFiles("#list-file", file("revoked.crl", list));
  await expect(page.locator("#refusal")).toHaveText("Revoked");
  await expect(demo.verdict).toContainText("Stopped: revoked by those who vouched for it");
  await expect(page.locator("#lists")).toContainText("Number 7");
  await expect(page.locator("#trust-state")).toHaveText("Only The root · a revocation list");
  await page.getByRole("button", { name: "Forget lists and releases" }).click();
  await expect(demo.verdict).toContainText("signed by a key you trust");
});

test("a revocation list that is damaged, or older than one before, is refused", async ({
  demo,
  page,
}) => {
  await expect(demo.verdict).toBeHidden();
  await page.getByText("Whose signature is required?").click();
  const entries = [{ kind: "key", id: author.base64 } as const];
  const newer = file("b.crl", await issueRevocationList({ number: 2, entries }, root.seed));
  const older = file("a.crl", await issueRevocationList({ number: 1, entries }, root.seed));
  const problem = page.locator("#lists-problem");
  await page.setInputFiles("#list-file", flipped(newer, newer.buffer.length - 1));
  await expect(problem).toContainText("RevocationListSignature");
  await page.setInputFiles("#list-file", newer);
  await expect(problem).toBeEmpty();
  await page.setInputFiles("#list-file", older);
  await expect(problem).toContainText("RevocationListRollback");
});

test("rolled back: an older release than one that was accepted, also after a visit", async ({
  demo,
  page,
}) => {
  await requireRoot(demo);
  await demo.open(await signedExpert({ metadata: { release_counter: 6 } }));
  await expect(demo.verdict).toContainText("signed by a key you trust");
  const older = await signedExpert({ metadata: { release_counter: 5 } });
  await expectRefused(demo, older, "Rollback", "older than a release you have accepted");
  await page.reload();
  await expect(page.locator("#trust-state")).toHaveText("Only The root");
  await expectRefused(demo, older, "Rollback", "older than a release you have accepted");
});

test("downgraded: unsigned, though signed releases were accepted", async ({ demo, page }) => {
  await requireRoot(demo);
  await demo.open(await signedExpert());
  await expect(demo.verdict).toContainText("signed by a key you trust");
  await page.getByLabel("files without a signature").check();
  const unsigned = await expert({ metadata: { release_counter: 9 } });
  await expectRefused(demo, unsigned, "Downgrade", "not signed, though it was before");
});

test("a certificate wider than the one above it", async ({ demo }) => {
  await requireRoot(demo);
  await expectRefused(demo, await signedExpert({ scope: "*" }), "ChainScope", "do not hold");
});

test("out of the scope in which the user trusts the key", async ({ demo }) => {
  await requireRoot(demo, "expert-acme-*");
  await expectRefused(demo, await signedExpert(), "ScopeMismatch", metadata.name);
});

test("certificates out of order", async ({ demo }) => {
  const other = await signedExpert({ leaf: signer(20) });
  const broken = flipped(other, other.buffer.indexOf("The publisher") + 2);
  await demo.open(broken);
  await expect(demo.page.locator("#expert")).toBeHidden();
  await expect(demo.verdict).toContainText("Stopped");
});

test("version 1 is opened and called deprecated", async ({ demo }) => {
  await demo.open(await expert({ version: 1, signedBy: author }));
  await expect(demo.verdict).toContainText("Version 1 of the format is deprecated");
  await expect(demo.verdict).toContainText("no certificate says whose it is");
  await expect(demo.page.locator("#purpose")).toContainText("Writes SQL.");
});

test("of version 1 it is told how far the signature reaches", async ({ demo }) => {
  const { name, mimeType, buffer } = await expert({ version: 1, signedBy: author });
  const tar = gunzipSync(buffer);
  tar.write("Wrote", tar.indexOf("Writes")); // the hashes in the manifest are those of other files
  await demo.open({ name, mimeType, buffer: gzipSync(tar) });
  await expect(demo.verdict).toContainText("The signature does not cover manifest.json.");
});

for (const [what, make] of [
  ["unsigned", () => expert()],
  ["signed", () => signedExpert()],
  ["version 1", () => expert({ version: 1, signedBy: author })],
] as const)
  test(`one changed byte in a copy is found: ${what}`, async ({ demo, page }) => {
    await demo.open(await make());
    await page.getByRole("button", { name: "Change one byte of a copy" }).click();
    await expect(demo.verdict).toContainText("Stopped");
    await expect(demo.verdict).toContainText(/byte [\d,]+ changed from 0x\w\w to 0x\w\w/);
    await expect(page.locator("#refusal")).not.toBeEmpty();
    await expect(page.locator("#expert")).toBeHidden();
  });

test("of what is no expert at all, nothing is shown", async ({ demo, page }) => {
  await demo.open(file("a.expert", "HLLMEXP"));
  await expect(page.locator("#refusal")).toHaveText("UnknownFormat");
  await demo.open(file("b.expert", Buffer.from("HLLMEXP\0\x02\0\0\0", "latin1")));
  await expect(page.locator("#refusal")).toHaveText("ExpertTruncated");
  await expect(page.locator("#expert")).toBeHidden();
});
