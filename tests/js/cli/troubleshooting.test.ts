// docs/TROUBLESHOOTING.md speaks of codes that there are, where the exit codes put them.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { AndonError, errorCodes } from "andon";
import { internals } from "./support/internals.js";

const { exitCode, CliError } =
  await internals<typeof import("../../../dist/cli/errors.js")>("errors");

const page = readFileSync(new URL("../../../../docs/TROUBLESHOOTING.md", import.meta.url), "utf8");
const own = ["InputUnreadable", "InputMalformed", "OutputExists"];
type Code = AndonError["code"];

/** The codes in the first column of the tables of a chapter. */
function codesOf(chapter: string): string[] {
  const rows = Array.from(chapter.matchAll(/^\| (`[^|]+) \|/gm), ([, cell = ""]) => cell);
  return rows.flatMap((cell) =>
    Array.from(cell.matchAll(/`(\w+)(?:\.\.\.)?`/g), ([, code = ""]) => code),
  );
}

const chapters = page.split(/^## /m).slice(1);

test("every code is one", () => {
  const codes = chapters.flatMap(codesOf);
  expect(codes.length).toBeGreaterThan(40);
  const known = new Set<string>([...errorCodes, ...own]);
  const isKnown = (code: string): boolean =>
    known.has(code) || errorCodes.some((each) => code === "Gzip" && each.startsWith(code));
  expect(codes.filter((code) => !isKnown(code))).toEqual([]);
});

describe("the chapters are those of the exit codes", () => {
  test.each([
    ["refused (exit code 3)", 3],
    ["rejected (exit code 2)", 2],
  ])("%s", (title, exit) => {
    const chapter = chapters.find((each) => each.includes(title)) ?? "";
    const codes = codesOf(chapter).filter((code) => errorCodes.includes(code as Code));
    expect(codes.length).toBeGreaterThan(5);
    for (const code of codes) {
      expect([code, exitCode(new AndonError(code as Code, ""))]).toEqual([code, exit]);
    }
  });
});

test("what is refused is all there", () => {
  const refused = errorCodes.filter((code) => exitCode(new CliError(code, "")) === 3);
  for (const code of refused) expect(page).toContain(`\`${code}\``);
});
