// chat and generate with experts and grammars.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expertFile } from "../support/experts.js";
import { tinyGguf } from "../support/gguf.js";
import { keyOf, seedOf } from "../support/keys.js";
import { andon, errorIn, freshFolder } from "./support/command.js";
import { fakeTerminal, plain, runIn } from "./support/terminal.js";

const folder = freshFolder();
let model: string;
let expert: string;
let key: string;
beforeEach(async () => {
  model = folder.path("tiny.gguf");
  expert = folder.path("sample.expert");
  key = folder.path("publisher.pub");
  await writeFile(model, tinyGguf({ width: 2 }));
  await writeFile(expert, await expertFile(1, { signingKey: seedOf(5) }));
  await writeFile(key, `${keyOf(5)}\n`);
});

describe("andon generate", () => {
  test("--expert writes as the expert does, under its grammar", async () => {
    const args = ["generate", "-t", "1", "-n", "8", "--expert", expert, model, "Once"];
    const { code, stdout } = await andon(args);
    expect(code).toBe(0);
    expect(["yes\n", "no\n"]).toContain(stdout);
    const free = await andon([...args.slice(0, -2), "--no-grammar", model, "Once"]);
    expect(["yes\n", "no\n"]).not.toContain(free.stdout);
    const base = await andon(["generate", "-t", "1", "-n", "8", model, "Once"]);
    expect(base.stdout).not.toBe(free.stdout);
  });

  test("--trust judges the experts, not the model", async () => {
    const args = ["generate", "--json", "-t", "1", "-n", "4", "--expert", expert];
    const { code, stdout } = await andon([...args, "--trust", key, model, "Once"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ completed: false, finishReason: "end" });
    await writeFile(key, `${keyOf(6)}\n`);
    const refused = await andon([...args, "--trust", key, model, "Once"]);
    expect([refused.code, errorIn(refused)["code"]]).toEqual([3, "SignerUnknown"]);
  });

  test("--grammar holds the text to GBNF, or to a JSON Schema", async () => {
    const gbnf = folder.path("answer.gbnf");
    await writeFile(gbnf, 'root ::= "left" | "right"');
    const args = ["generate", "-t", "1", "--grammar"];
    expect(["left\n", "right\n"]).toContain((await andon([...args, gbnf, model, "Once"])).stdout);
    const schema = folder.path("answer.json");
    await writeFile(schema, '{ "enum": ["up", "down"] }');
    const { stdout } = await andon([...args, schema, model, "Once"]);
    expect(["up", "down"]).toContain(JSON.parse(stdout));
    await writeFile(schema, "[");
    const failed = await andon(["generate", "--json", "--grammar", schema, model, "Once"]);
    expect([failed.code, errorIn(failed)["code"]]).toEqual([1, "InvalidArgument"]);
  });

  test("an expert that is not there is named", async () => {
    const args = ["generate", "-t", "1", "--expert", "none.expert", model, "Once"];
    const says = "andon: 'none.expert' cannot be read: no such file or directory";
    expect(await andon(args)).toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
  });

  test("--grammar with --no-grammar is wrong use", async () => {
    const args = ["generate", "--grammar", "a.gbnf", "--no-grammar", model, "Once"];
    expect(await andon(args)).toMatchObject({ code: 1, stdout: "" });
  });

  test("an expert for another base fails, unless --any-base is said", async () => {
    const base_model = { name: "Another/Model" };
    const metadata = { name: "expert-sample", version: "1.0.0", base_model };
    await writeFile(expert, await expertFile(1, { metadata }));
    const args = ["generate", "--json", "-t", "1", "--expert", expert, model, "Once"];
    expect(errorIn(await andon(args))["code"]).toBe("BaseModelMismatch");
    expect((await andon([...args, "--any-base"])).code).toBe(0);
  });

  test("--merge writes the same from a copy of the model", async () => {
    const args = ["generate", "--exact", "-t", "1", "-n", "8", "--expert", expert];
    const attached = await andon([...args, "--no-grammar", model, "Once"]);
    const merged = await andon([...args, "--no-grammar", "--merge", model, "Once"]);
    expect(merged).toEqual(attached);
    expect(["yes\n", "no\n"]).toContain((await andon([...args, "--merge", model, "Once"])).stdout);
  });

  test("--merge without experts is wrong use, and what fails ends the command", async () => {
    const args = ["generate", "--merge", "--json", "-t", "1", model, "Once"];
    expect(await andon(args)).toMatchObject({ code: 1, stdout: "" });
    const same = [...args, "--expert", expert, "--expert", expert];
    expect(await andon(same)).toMatchObject({ code: 1, stdout: "" });
  });

  test("shows a person what was attached", async () => {
    const terminal = fakeTerminal();
    const args = ["generate", "-t", "1", "--expert", expert, "--trust", key, model, "Once"];
    const { stderr } = await runIn(terminal, args);
    expect(plain(stderr)).toMatch(
      /expert-sample 1\.2\.3: ✔ Verified, signed by .*, whom you trust, ready in \d+ ms/,
    );
  });
});

test.each([[], ["--merge"]])(
  "andon chat --expert answers as the expert does %j",
  async (...more) => {
    const args = ["chat", "-t", "1", "--expert", expert, ...more, model];
    const { code, stdout } = await andon(args, { input: "Hello\nAgain\n" });
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(2);
    for (const line of stdout.trim().split("\n")) expect(["yes", "no"]).toContain(line);
  },
);

describe("andon chat --route", () => {
  const assistant = (name: string): string =>
    fileURLToPath(new URL(`../../../../examples/assistant/${name}`, import.meta.url));
  const root = ["--trust", assistant("assistant-root.pub.pem")];
  const base = assistant("base.gguf");
  const questions =
    "Table rivers: id, name, length. How many rivers are there?\nGood morning to you!\n";

  async function chatted(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    const terminal = fakeTerminal();
    terminal.stdin.end(questions);
    const { stdout, stderr } = await runIn(terminal, [
      "chat",
      "-t",
      "1",
      "-n",
      "40",
      ...args,
      base,
    ]);
    return { stdout: plain(stdout), stderr: plain(stderr) };
  }

  test("each question goes to the expert that it is for, or to the model alone", async () => {
    const named = ["sql", "json"].flatMap((task) => [
      "--expert",
      assistant(`expert-${task}.expert`),
    ]);
    const { stdout, stderr } = await chatted([...root, "--route", ...named]);
    expect(stdout).toContain("SELECT ");
    expect(stderr).toMatch(/expert-json 1\.0\.0: ✔ Verified, signed by Signer of the assistant/);
    expect(stderr).toMatch(/expert-sql: it has .*\n(.*\n)*No expert reaches a confidence/);
  });

  test("without --expert it is one of the installed ones", async () => {
    const store = folder.path("store");
    await andon(["experts", "install", "--store", store, ...root, assistant("expert-sql.expert")]);
    const { stdout } = await andon(
      ["chat", "-t", "1", "-n", "40", ...root, "--route", "--store", store, base],
      {
        input: questions,
      },
    );
    expect(stdout.split("\n")[0]).toMatch(/^SELECT /);
  });

  test("an installed one that is no longer trusted does not answer, and a person is told", async () => {
    const store = folder.path("store");
    await andon(["experts", "install", "--store", store, ...root, assistant("expert-sql.expert")]);
    const { stderr } = await chatted(["--trust", key, "--route", "--store", store]);
    expect(stderr).toMatch(/expert-sql ✘ Refused: .*\[SignerUnknown\]/);
  });

  test("a named one that is refused ends the command", async () => {
    const args = ["chat", "--json", "--trust", key, "--route", "--expert"];
    const refused = await andon([...args, assistant("expert-sql.expert"), base], { input: "a\n" });
    expect([refused.code, errorIn(refused)["code"]]).toEqual([3, "SignerUnknown"]);
  });

  test.each([
    ["--route", "--merge", "--expert", "a.expert"],
    ["--store", "a"],
    ["--route", "--store", "a", "--expert", "a.expert"],
  ])("%s %s is wrong use", async (...args) => {
    expect(await andon(["chat", ...args, base])).toMatchObject({ code: 1, stdout: "" });
  });
});
