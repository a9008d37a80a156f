// chat, generate, tokenize and bench; inspect and verify of language models.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { endToken, tinyGguf } from "../support/gguf.js";
import { andon, errorIn, freshFolder, lines } from "./support/command.js";
import { ESCAPE, fakeTerminal, plain, runIn } from "./support/terminal.js";

const folder = freshFolder();
const bytes = tinyGguf();
const sha256 = createHash("sha256").update(bytes).digest("hex");
let model: string;
beforeEach(async () => {
  model = folder.path("tiny.gguf");
  await writeFile(model, bytes);
});

describe("andon generate", () => {
  test("writes the text and nothing else", async () => {
    const result = await andon(["generate", "-n", "8", model, "Once"]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout.endsWith("\n")).toBe(true);
    const again = await andon(["generate", "-n", "8", model], { input: "Once" });
    expect(again.stdout).toBe(result.stdout);
  });

  test("--json says tokens, reason and times", async () => {
    const options =
      "--temperature 0.8 --top-k 20 --top-p 0.9 --min-p 0.01 --repetition-penalty 1.1";
    const args = [
      "generate",
      "--json",
      "-n",
      "4",
      "-c",
      "64",
      ...options.split(" "),
      "--seed",
      "3",
    ];
    const { code, stdout } = await andon([
      ...args,
      "--cache-type",
      "f32",
      "--stop",
      "zzz",
      model,
      "Once",
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ promptTokens: 4, seed: 3 });
    expect(JSON.parse((await andon([...args, model, "Once"])).stdout)).toMatchObject({
      tokens: result["tokens"],
    });
  });

  test("shows a person the rates, and no control characters of a model", async () => {
    const terminal = fakeTerminal();
    const shown = await runIn(terminal, ["generate", "-n", "8", "--temperature", "3", model, "x"]);
    expect(plain(shown.stderr)).toMatch(
      /tokens: 1 prompt at [\d.]+\/s, \d+ written at [\d.]+\/s; \w+; seed \d+/,
    );
    expect(shown.stdout).not.toContain(ESCAPE);
  });

  test.each([
    [["generate"]],
    [["generate", "--temperature", "hot", "m.gguf"]],
    [["generate", "--threads", "0", "m.gguf"]],
    [["generate", "--weight-type", "Q9", "m.gguf"]],
    [["generate", "--cache-type", "f8", "m.gguf"]],
    [["generate", "--max-memory", "all", "m.gguf"]],
    [["bench", "-p", "1,x", "m.gguf"]],
  ])("%j is wrong use", async (args) => {
    expect(await andon(args)).toMatchObject({ code: 1, stdout: "" });
  });

  test("a prompt beyond the context fails with 1, a file that is damaged with 2", async () => {
    const full = await andon(["generate", "--json", "-c", "2", model, "Once"]);
    expect([full.code, errorIn(full)["code"]]).toEqual([1, "ContextFull"]);
    await writeFile(model, bytes.subarray(0, 5000));
    expect((await andon(["generate", model, "Once"])).code).toBe(2);
  });

  test("a file without the SHA-256 that is asked for is rejected", async () => {
    const wrong = await andon(["generate", "--json", "--sha256", "0".repeat(64), model, "Once"]);
    expect([wrong.code, errorIn(wrong)["code"]]).toEqual([2, "FileHash"]);
    const manifest = folder.path("sums");
    await writeFile(manifest, `${sha256}  tiny.gguf\n`);
    const right = [
      "-n",
      "1",
      "--exact",
      "--weight-type",
      "F16",
      "--max-memory",
      "10000000",
      "-t",
      "1",
    ];
    const { code } = await andon(["generate", ...right, "--manifest", manifest, model, "Once"]);
    expect(code).toBe(0);
  });
});

describe("andon tokenize", () => {
  test("shows a line for each token", async () => {
    const { stdout } = await andon(["tokenize", model, "H\n<|end|>"]);
    expect(stdout.split("\n").slice(0, 3)).toEqual(['72   "H"', '10   "\\n"', '60   "<"']);
  });

  test("--special and --json, from standard input", async () => {
    const args = ["tokenize", "--json", "--special", model, "-"];
    const { stdout } = await andon(args, { input: "H<|end|>" });
    expect(JSON.parse(stdout)).toEqual([
      { id: 72, text: "H" },
      { id: endToken, text: "<|end|>" },
    ]);
  });
});

describe("andon bench", () => {
  test("shows a table: a line for each test", async () => {
    const { code, stdout } = await andon([
      "bench",
      "-p",
      "16,0",
      "-n",
      "4",
      "-r",
      "2",
      "-t",
      "1",
      model,
    ]);
    expect(code).toBe(0);
    const [head = "", ...rows] = stdout.trimEnd().split("\n");
    expect(head).toMatch(/^model +weights +build +threads +test +tokens\/s +± sd +tokens\/CPU s$/);
    expect(rows.map((row) => /(prompt|write) \d+/.exec(row)?.[0])).toEqual([
      "prompt 16",
      "write 4",
    ]);
  });

  test("--json has every run", async () => {
    const { stdout } = await andon(["bench", "--json", "-p", "8", "-n", "0", "-r", "3", model]);
    const rows = JSON.parse(stdout) as { test: string; tokensPerSecond: number[] }[];
    expect(rows).toMatchObject([{ model: "tiny", test: "prompt 8" }]);
    expect(rows[0]?.tokensPerSecond).toHaveLength(3);
  });
});

describe("andon inspect and verify", () => {
  test("inspect shows what it is, and which build would run", async () => {
    const { code, stdout } = await andon(["inspect", model]);
    expect(code).toBe(0);
    for (const text of [
      /Intact, not signed/,
      /architecture +llama/,
      /context +4,096 tokens/,
      /chat template +\d+ characters/,
      /build +andon-text/,
    ]) {
      expect(stdout).toMatch(text);
    }
  });

  test("inspect --json has the description; a model has no sections", async () => {
    const { stdout } = await andon(["inspect", "--json", model]);
    expect(JSON.parse(stdout)).toMatchObject({
      sha256,
      format: "gguf",
      verdict: { integrity: "ok" },
    });
    expect((await andon(["inspect", "--list-sections", model])).code).toBe(1);
  });

  test("verify accepts it with its hash, and rejects it with another", async () => {
    expect(await andon(["verify", "--sha256", sha256, model])).toMatchObject({ code: 0 });
    expect(await andon(["verify", "--sha256", "0".repeat(64), model])).toMatchObject({ code: 2 });
    const manifest = folder.path("sums");
    await writeFile(manifest, `${sha256}  tiny.gguf\n`);
    expect(await andon(["verify", "--manifest", manifest, model])).toMatchObject({ code: 0 });
  });
});

describe("andon chat", () => {
  test("answers each line of its input", async () => {
    const input = lines("Hi", "", "Why?", "/quit", "never");
    const args = ["chat", "-n", "4", "--temperature", "0", "--system", "Be kind.", model];
    const { code, stdout, stderr } = await andon(args, { input });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().length).toBeGreaterThan(0);
    const again = await andon(args, { input: lines("Hi", "Why?") });
    expect(again.stdout).toBe(stdout);
  });

  test("goes on with a chat that was saved", async () => {
    const saved = folder.path("chat");
    const args = ["chat", "-n", "4", "--temperature", "0", model];
    const whole = await andon(args, { input: lines("Hi", "Why?") });
    const first = await andon(args, { input: lines("Hi", `/save ${saved}`) });
    const rest = await andon(args, { input: lines("Ho", "/reset", `/load ${saved}`, "Why?") });
    const other = await andon(args, { input: lines("Ho") });
    expect(first.stdout + rest.stdout.slice(other.stdout.length)).toBe(whole.stdout);
    expect((await readFile(saved)).length).toBeGreaterThan(100);
  });

  test("a saved chat that is none ends a script with 1", async () => {
    const saved = folder.path("chat");
    for (const content of [
      "",
      "{}\n",
      '{"andon":"chat","messages":[1]}\n',
      '{"andon":"chat","messages":[]}\nx',
    ]) {
      await writeFile(saved, content);
      const result = await andon(["chat", "--json", model], { input: lines(`/load ${saved}`) });
      expect([result.code, errorIn(result)["code"]]).toEqual([1, "SessionMalformed"]);
    }
  });

  test("a command that is none, and a template that fails, end a script", async () => {
    const none = await andon(["chat", "--json", model], { input: lines("/help") });
    expect([none.code, errorIn(none)["code"]]).toEqual([1, "InvalidArgument"]);
    const template = folder.path("template.jinja");
    await writeFile(template, "{{ raise_exception('no') }}");
    const failed = await andon(["chat", "--json", "--template", template, model], {
      input: lines("Hi"),
    });
    expect([failed.code, errorIn(failed)["code"]]).toEqual([1, "TemplateFailed"]);
  });

  test("greets a person, says what went wrong and goes on", async () => {
    const terminal = fakeTerminal();
    terminal.stdin.end(lines("/help", "Hi", "/quit"));
    const shown = await runIn(terminal, ["chat", "-n", "3", model]);
    expect(shown.code).toBe(0);
    expect(plain(shown.stdout)).toContain("tiny, plain SIMD");
    expect(plain(shown.stdout)).toContain(
      "'/help' is none of /save FILE, /load FILE, /reset, /quit",
    );
    expect(plain(shown.stderr)).toContain("tokens: ");
  });

  test("Ctrl-C ends the answer, and again the chat", async () => {
    const terminal = fakeTerminal();
    const shown = runIn(terminal, ["chat", "-c", "256", "--temperature", "0", model]);
    terminal.stdin.write("Hi\n");
    terminal.stdin.write("\u0003");
    terminal.stdin.write("\u0003");
    expect((await shown).code).toBe(0);
  });
});
