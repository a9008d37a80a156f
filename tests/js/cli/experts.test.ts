import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { packExpert, type ExpertManifest } from "andon";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peftFolder } from "../support/experts.js";
import { keyOf, seedOf } from "../support/keys.js";
import { fakeTerminal, plain, runIn, type Shown } from "./support/terminal.js";

let folder: string;
let store: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "andon-experts-"));
});

afterAll(() => rm(folder, { recursive: true }));

beforeEach(() => {
  store = join(folder, `store-${++count}`);
});

const run = (...args: string[]): Promise<Shown> =>
  runIn(fakeTerminal({ tty: { stdout: false, stderr: false } }), args);

const experts = (verb: string, ...args: string[]): Promise<Shown> =>
  run("experts", verb, "--store", store, ...args);

/** The path of a package; signed where a signer is said. */
async function written(metadata: Partial<ExpertManifest>, signer?: number): Promise<string> {
  const whole = { name: "expert-a", version: "1.0.0", ...metadata };
  const { bytes } = await packExpert(peftFolder(1), {
    metadata: whole,
    ...(signer === undefined ? {} : { signingKey: seedOf(signer) }),
  });
  const path = join(folder, `${whole.name}-${whole.version}-${signer ?? 0}.expert`);
  await writeFile(path, bytes);
  return path;
}

describe("andon experts", () => {
  test("installs, lists, updates and removes", async () => {
    const first = await written({ description: "Adds one.\u001b[31m" }, 1);
    const installed = await experts("install", first);
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    expect(installed.stdout).toMatch(
      /^expert-a {2}1\.0\.0 {2}[\d.]+ kB {2}signed {2}Adds one\.\\u\{1b\}/,
    );
    expect((await experts("list")).stdout).toBe(installed.stdout);
    const updated = await experts("update", await written({ version: "1.1.0" }, 1));
    expect(updated.stdout).toContain("1.1.0");
    const removed = await experts("remove", "expert-a");
    expect(removed.stdout).toBe("No expert is installed.\n");
    expect(await readdir(store)).toEqual(["experts.json"]);
  });

  test("says of a folder that it cannot be read", async () => {
    const { code, stderr } = await experts("install", folder);
    expect(code).toBe(1);
    expect(stderr).toContain("the file cannot be read: illegal operation on a directory");
  });

  test("prints JSON", async () => {
    const { stdout } = await experts("install", "--json", await written({}));
    expect(JSON.parse(stdout)).toMatchObject([{ name: "expert-a", signer: null, publisher: null }]);
  });

  test.each<[string, Partial<ExpertManifest>, number | undefined, number, string]>([
    ["an older version", { version: "0.9.0" }, 1, 3, "ExpertNotNewer"],
    ["another publisher", { version: "2.0.0" }, 2, 3, "PublisherChanged"],
    ["what is not signed", { version: "2.0.0" }, undefined, 3, "Downgrade"],
    ["another name", { name: "expert-b" }, 1, 1, "ExpertNotInstalled"],
  ])("refuses to update to %s", async (_, next, signer, code, error) => {
    await experts("install", await written({}, 1));
    const refused = await experts("update", "--json", await written(next, signer));
    expect(refused.code).toBe(code);
    expect(JSON.parse(refused.stderr)).toMatchObject({ code: error });
  });

  test("lets another publisher take over where it is told to", async () => {
    await experts("install", await written({}, 1));
    const next = await written({ version: "2.0.0" }, 2);
    expect((await experts("update", "--any-publisher", next)).code).toBe(0);
  });

  test("refuses what nobody trusted signed, before anything is kept", async () => {
    const refused = await experts("install", "--trust", keyOf(2), await written({}, 1));
    expect(refused).toMatchObject({ code: 3 });
    expect(refused.stderr).toContain("SignerUnknown");
    expect((await experts("list")).stdout).toBe("No expert is installed.\n");
  });

  test("keeps what others require, unless it is forced", async () => {
    const requires = ["expert-a"];
    const other = await written({ name: "expert-b", constraints: { requires } });
    await experts("install", await written({}), other);
    expect((await experts("remove", "expert-a")).stderr).toContain("ExpertRequired");
    expect((await experts("remove", "--force", "expert-a")).code).toBe(0);
  });

  test("verifies each anew; the exit code says the worst", async () => {
    expect(await experts("verify")).toMatchObject({ code: 0, stdout: "No expert is installed.\n" });
    const other = await written({ name: "expert-other" }, 1);
    await experts("install", await written({}), other);
    const good = await experts("verify");
    expect(good.code).toBe(0);
    expect(plain(good.stdout)).toMatch(
      /^expert-a {6}✔ Intact, not signed\nexpert-other {2}✔ Intact, signed/,
    );
    expect((await experts("verify", "--trust", keyOf(1), "expert-a")).code).toBe(3);
    for (const name of await readdir(store)) {
      if (name.endsWith(".expert")) await writeFile(join(store, name), "changed");
    }
    const bad = await experts("verify", "--json", "expert-a");
    expect(bad.code).toBe(2);
    expect(JSON.parse(bad.stdout)).toMatchObject({ accepted: false, code: "ExpertChanged" });
  });

  test.each([
    [["install"], "FILE is missing"],
    [["remove"], "NAME is missing"],
    [["list", "more"], "one operand too many"],
    [["else"], "say one of list, install, update, remove, verify"],
  ])("%j is wrong use", async ([verb = "", ...rest], says) => {
    const wrong = await run("experts", verb, ...rest);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain(says);
  });

  test("a store that was damaged stays as it is", async () => {
    await experts("install", await written({}));
    await writeFile(join(store, "experts.json"), "{}");
    expect((await experts("list")).stderr).toContain("ExpertStoreMalformed");
    expect(await readFile(join(store, "experts.json"), "utf8")).toBe("{}");
  });
});

describe("andon route", () => {
  const sql: Partial<ExpertManifest> = {
    name: "expert-sql",
    capabilities: ["task:text2sql"],
    routing: {
      keywords: ["sql", "how many", "orders"],
      exclude_keywords: ["explain"],
      router_hint: "task=text2sql",
    },
  };
  const verse: Partial<ExpertManifest> = { name: "expert-verse", routing: { keywords: ["poem"] } };

  test("names the expert among files, and why", async () => {
    const files = [await written(sql), await written(verse)];
    const { code, stdout } = await run("route", "How many orders in SQL?", ...files);
    expect(code).toBe(0);
    const [choice, reason, first, second] = stdout.split("\n");
    expect(choice).toMatch(/^expert-sql, confidence [01]\.\d\d$/);
    expect(reason).toContain('expert-sql: it has "how many", "orders", "sql"');
    expect(first).toMatch(
      /^ {2}expert-sql {4}1\.0\.0 {2}[01]\.\d\d {2}"how many", "orders", "sql"$/,
    );
    expect(second).toMatch(/^ {2}expert-verse {2}1\.0\.0 {2}0\.\d\d/);
  });

  test("names the expert of a store, or the base model", async () => {
    await experts("install", await written(sql));
    const asked = ["--store", store];
    expect((await run("route", ...asked, "how many orders")).stdout).toMatch(/^expert-sql,/);
    expect((await run("route", ...asked, "sing")).stdout).toMatch(
      /^the base model, confidence 0\./,
    );
    const excluded = await run("route", ...asked, "explain sql");
    expect(excluded.stdout).toContain("excluded: explain");
  });

  test("shows every score, what it counts, and the hint", async () => {
    const file = await written(sql);
    const asked = ["-v", "-k", "1", "--capability", "task:text2sql", "--threshold", "0.1"];
    const { stdout } = await run("route", ...asked, "orders", file);
    for (const name of ["keywords", "coverage", "capabilities", "hint", "similarity", "priority"]) {
      expect(stdout).toMatch(
        new RegExp(`^ {6}${name} +-?\\d\\.\\d{3} +x [\\d.]+ += -?[\\d.]+$`, "m"),
      );
    }
    expect(stdout).toContain("hint holds    task=text2sql");
  });

  test("prints JSON", async () => {
    const { stdout } = await run("route", "--json", "-k", "0", "orders sql", await written(sql));
    expect(JSON.parse(stdout)).toMatchObject({ expert: "expert-sql", candidates: [] });
  });

  test.each([
    [[], "QUERY is missing"],
    [["-k", "-1", "x"], "-k"],
    [["--threshold", "2", "x"], "--threshold takes a number from 0 to 1"],
  ])("%j is wrong use", async (args, says) => {
    const wrong = await run("route", ...args);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain(says);
  });

  test("a file that is no expert is refused", async () => {
    const path = join(folder, "none.expert");
    await writeFile(path, "nothing");
    expect((await run("route", "x", path)).stderr).toContain("KindMismatch");
  });
});
