// The base and the experts that come with the page.

import { expect } from "./page.js";
import { Assistant, test } from "./assistant.js";
import { signedExpert } from "./experts.js";
import { randomModel } from "./language-models.js";
import { file } from "./packages.js";

const rivers =
  "Table rivers: id, name, country, length\nList the name of rivers with length above 500.";

test("a question goes to the SQL expert: verified, attached, held to its grammar, beside the base", async ({
  assistant,
}) => {
  const sql = assistant.card("expert-sql");
  await expect(sql).toContainText("Intact, signed, trusted");
  await expect(sql).toContainText("Signer of the assistant");
  await expect(assistant.attached("expert-sql")).not.toBeChecked();
  await assistant.ask(rivers);
  await expect(assistant.route).toContainText("For expert-sql: confidence");
  await expect(assistant.route.getByRole("listitem").first()).toHaveText("table");
  await expect(assistant.route).toContainText(/confidence \d+(\.\d)?%/);
  await expect(assistant.attached("expert-sql")).toBeChecked();
  await expect(sql).toContainText(/in \d+(\.\d)? ms, verified after \d+(\.\d)? ms/);
  await expect(assistant.answer).toContainText("Under its grammar");
  await expect(assistant.answer).toContainText("tokens/s");
  await expect(assistant.answer.locator(".said")).toHaveText(/^SELECT .* FROM /);
  await expect(assistant.base).toContainText("tokens/s");
  await expect(assistant.base.locator(".said")).not.toHaveText(/^(SELECT.*)?$/);
});

test("each question goes to its own expert, and what is for none to the base", async ({
  assistant,
}) => {
  for (const [title, name, answer] of [
    ["JSON", "expert-json", /^\{".*\}$/],
    ["Cypher", "expert-cypher", /^MATCH \(.* RETURN /],
  ] as const) {
    await assistant.example(title);
    await expect(assistant.route).toContainText(`For ${name}`);
    await expect(assistant.answer.locator(".said")).toHaveText(answer);
    await expect(assistant.attached(name)).toBeChecked();
  }
  await assistant.example("None of them");
  await expect(assistant.route).toContainText("For the base: confidence");
  await expect(assistant.answer.getByRole("heading")).toHaveText("The base");
  await expect(assistant.base).toBeHidden();
});

test("what was tampered with and what is revoked never become experts", async ({ assistant }) => {
  const tampered = assistant.card("tampered.expert");
  await expect(tampered).toContainText("Stopped: the file is damaged or was changed");
  await expect(tampered.locator("code")).toHaveText("ExpertSectionHash");
  const revoked = assistant.card("revoked.expert");
  await expect(revoked).toContainText("Stopped: revoked by those who vouched for it");
  await expect(revoked.locator("code")).toHaveText("Revoked");
  for (const card of [tampered, revoked]) await expect(card.getByRole("switch")).toHaveCount(0);
});

test("the grammar can be switched off, and the base left alone", async ({ assistant }) => {
  await assistant.area.getByLabel("Hold answers to the expert’s grammar").uncheck();
  await assistant.area.getByLabel("Ask the base as well").uncheck();
  await assistant.ask(rivers);
  await expect(assistant.answer).toContainText("Without a grammar");
  await expect(assistant.base).toBeHidden();
});

test("what is stopped ends there, and the base is not asked", async ({ assistant, page }) => {
  await page.evaluate(() => {
    const stop = document.querySelector<HTMLElement>("#assistant .stop");
    if (!stop) return;
    new MutationObserver(() => {
      if (!stop.hidden) stop.click();
    }).observe(stop, { attributes: true });
  });
  await assistant.ask(rivers);
  await expect(assistant.answer).toContainText("Stopped");
  await expect(assistant.base).toBeHidden();
});

test("experts are attached and detached by hand, again from memory", async ({ assistant }) => {
  const card = assistant.card("expert-sql");
  await assistant.attached("expert-sql").check();
  await expect(card).toContainText(/in \d+(\.\d)? ms, verified after/);
  await expect(card).toContainText(/it holds \d/);
  await assistant.attached("expert-sql").uncheck();
  await expect(card).toContainText(/detached in \d+(\.\d)? ms/);
  await assistant.attached("expert-sql").check();
  await expect(card).toContainText(/in \d+(\.\d)? ms, its adapter was still in memory/);
});

test("who answers can be named, the base as well", async ({ assistant }) => {
  await assistant.area.getByLabel("Who answers").selectOption("expert-json");
  await assistant.ask(rivers);
  await expect(assistant.route).toBeHidden();
  await expect(assistant.answer.getByRole("heading")).toHaveText("expert-json");
  await assistant.area.getByLabel("Who answers").selectOption("The base");
  await assistant.ask(rivers);
  await expect(assistant.answer.getByRole("heading")).toHaveText("The base");
  await expect(assistant.base).toBeHidden();
});

test("a required key decides about the assistant as well", async ({ assistant, page }) => {
  await page.getByRole("button", { name: "Require their root" }).click();
  await expect(page.locator("#refusal")).toHaveText("SignatureMissing"); // of the base
  await page.getByText("Whose signature is required?").click();
  await page.getByLabel("files without a signature").check();
  await expect(assistant.card("expert-sql.expert").locator("code")).toHaveText("SignerUnknown");
});

test("experts and bases that are dropped join", async ({ assistant, demo }) => {
  await demo.drop(await signedExpert());
  const card = assistant.card("expert-test-sql");
  await expect(card).toContainText("by a key nobody here knows");
  await assistant.attached("expert-test-sql").click();
  await expect(card.getByRole("alert")).toContainText(/^Base\w+Mismatch/);
  await expect(assistant.attached("expert-test-sql")).not.toBeChecked();
  await demo.drop(await randomModel());
  await expect(assistant.members.first()).toContainText("nobody vouches for it");
  await expect(assistant.card("expert-test-sql")).toBeVisible();
  await assistant.attached("expert-sql").click();
  await expect(assistant.card("expert-sql").getByRole("alert")).toContainText(/^Base\w+Mismatch/);
});

test("what is neither opens in its place", async ({ assistant, demo }) => {
  await demo.drop(file("notes.bin", Buffer.from([0, 1, 2, 3])));
  await expect(demo.verdict).toContainText("Not a model that Andon reads");
  await expect(assistant.area).toBeHidden();
});

test("a model that was opened becomes the base of an assistant", async ({ demo, page }) => {
  await demo.open(await randomModel());
  await page.getByRole("button", { name: "Use experts with it" }).click();
  const assistant = new Assistant(demo);
  await expect(assistant.members).toHaveCount(1);
  await assistant.area.getByLabel("Question").fill("a b c");
  await assistant.area.getByLabel("Question").press("Enter");
  await expect(assistant.answer).toContainText("Cut off · 96 tokens");
});
