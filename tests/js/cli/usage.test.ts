// What the command says about itself, and to those who use it wrongly.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { andon, errorIn } from "./support/command.js";

const verbs = [
  ...["inspect", "verify", "predict", "chat", "generate", "tokenize", "bench", "experts", "route"],
  ...["pack", "convert", "osd", "sign", "keygen", "cert", "trust", "revoke"],
];
const docs = readFileSync(new URL("../../../../docs/cli.md", import.meta.url), "utf8");

describe("help", () => {
  test.each([[[]], [["help"]], [["--help"]], [["-h"]]])(
    "andon %j begins with examples",
    async (args) => {
      const { code, stdout, stderr } = await andon(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      for (const verb of verbs) expect(stdout).toContain(`  andon ${verb} `);
    },
  );

  test.each(verbs)("of %s is the same by every way", async (verb) => {
    const pages = await Promise.all(
      [
        ["help", verb],
        [verb, "--help"],
        [verb, "-h", "whatever"],
      ].map((args) => andon(args)),
    );
    for (const page of pages) expect(page).toEqual({ ...pages[0], code: 0, stderr: "" });
    expect(pages[0]?.stdout).toContain(`Usage  andon ${verb} `);
  });

  test.each(verbs)("of %s fits a terminal of 100 columns and is plain in a pipe", async (verb) => {
    const { stdout } = await andon(["help", verb]);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(stdout).not.toContain("\u001b");
  });

  test.each(verbs)("of %s has the options that docs/cli.md has", async (verb) => {
    const { stdout } = await andon(["help", verb]);
    const section = docs.split(/^## /m).find((part) => part.startsWith(`andon ${verb}`)) ?? "";
    const options = (text: string): string[] =>
      [...new Set(Array.from(text.matchAll(/--[a-z-]+/g), ([option]) => option))].sort();
    const ownOptions = stdout.slice(stdout.indexOf("\nOptions"));
    for (const option of options(ownOptions)) expect(section).toContain(option);
  });

  test("does not take what follows -- for an option", async () => {
    expect((await andon(["verify", "--", "--help"])).stdout).toContain("--help");
    expect((await andon(["verify", "--", "--help"])).code).toBe(1);
  });

  test("of an unknown verb", async () => {
    const { code, stderr } = await andon(["help", "dance"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "andon: there is no help for 'dance'\nTry andon --help.\n",
    });
  });
});

test.each(["--version", "-v"])("%s is that of the package", async (option) => {
  const manifest = readFileSync(new URL("../../../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  expect(await andon([option])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

const TRUST_WORDS =
  "andon: trust: say one of add, list, remove, forget, update, rotate, not 'dance'";

describe("a mistake on the command line", () => {
  test.each<[string, string[], string]>([
    ["an unknown verb", ["dance"], `andon: 'dance' is none of ${verbs.join(", ")}`],
    ["an unknown option", ["inspect", "--dance", "x"], "andon: inspect: unknown option '--dance'"],
    ["no file to inspect", ["inspect"], "andon: inspect: FILE is missing"],
    ["no file to verify", ["verify"], "andon: verify: FILE is missing"],
    ["no model", ["predict"], "andon: predict: MODEL is missing"],
    ["nothing to pack", ["pack"], "andon: pack: FOLDER or DESCRIPTION is missing"],
    ["nothing to convert", ["convert"], "andon: convert: FILE is missing"],
    ["nothing to sign", ["sign"], "andon: sign: FILE is missing"],
    ["no key to sign with", ["sign", "x"], "andon: sign: --sign-key is missing"],
    ["nobody to trust", ["trust", "add"], "andon: trust add: KEY is missing"],
    ["nothing to do with trust", ["trust", "dance"], TRUST_WORDS],
    ["one file too many", ["inspect", "a", "b"], "andon: inspect: 'b' is one operand too many"],
    [
      "one input too many",
      ["predict", "a", "b.csv", "c"],
      "andon: predict: 'c' is one operand too many",
    ],
    [
      "an option without its value",
      ["verify", "x", "--trust"],
      "andon: verify: option '--trust <value>' argument missing",
    ],
    [
      "a value for an option that takes none",
      ["verify", "--json=1", "x"],
      "andon: verify: option '--json' does not take an argument",
    ],
    [
      "an unknown input format",
      ["predict", "m", "--input-format", "xml"],
      "andon: predict: --input-format is csv, json or jsonl, not 'xml'",
    ],
    [
      "an unknown output format",
      ["predict", "m", "--output-format", "xml"],
      "andon: predict: --output-format is csv, json or jsonl, not 'xml'",
    ],
    [
      "an input whose name says nothing",
      ["predict", "m", "rows.txt"],
      "andon: predict: the name 'rows.txt' does not say its format; add --input-format csv, json or jsonl",
    ],
    [
      "an attachment without a name",
      ["pack", "d.json", "--attach", "file"],
      "andon: pack: --attach takes NAME=FILE, not 'file'",
    ],
    [
      "a package as a description",
      ["pack", "iris.aprender"],
      "andon: pack: 'iris.aprender' is a package, not a description of one",
    ],
  ])("%s", async (_, args, message) => {
    const { code, stdout, stderr } = await andon(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.split("\n")[0]).toBe(message);
    expect(stderr).toMatch(/\nTry andon .*\.\n$/);
  });

  test("is JSON with --json", async () => {
    const result = await andon(["inspect", "--json"]);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toEqual({
      code: "InvalidArgument",
      message: "inspect: FILE is missing",
    });
  });

  test("does not let the words of the user change the terminal", async () => {
    expect((await andon(["\u001b[2J"])).stderr).toContain("'\\u{1b}[2J' is none of");
  });
});
