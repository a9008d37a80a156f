import { describe, expect, test } from "@jest/globals";
import { internals } from "./support/internals.js";

const text = await internals<typeof import("../../../dist/cli/text.js")>("text");
const { progressLine } =
  await internals<typeof import("../../../dist/cli/progress.js")>("progress");

const HOSTILE: [string, string, string][] = [
  ["an ANSI escape", "\u001b[31mred", "\\u{1b}[31mred"],
  ["a bell and a backspace", "\u0007\b", "\\u{7}\\u{8}"],
  ["a carriage return", "safe\rfake", "safe\\u{d}fake"],
  ["a newline", "a\nb", "a\\u{a}b"],
  ["DEL", "\u007f", "\\u{7f}"],
  ["a C1 control sequence", "\u009b31m", "\\u{9b}31m"],
  ["a bidi override", "\u202egpj.exe", "\\u{202e}gpj.exe"],
  ["bidi isolates and marks", "\u2066\u2069\u200f\u061c", "\\u{2066}\\u{2069}\\u{200f}\\u{61c}"],
  ["zero-width characters", "a\u200bb\ufeff", "a\\u{200b}b\\u{feff}"],
  ["line and paragraph separators", "\u2028\u2029", "\\u{2028}\\u{2029}"],
  ["tag characters", "\u{e0041}", "\\u{e0041}"],
  ["half a surrogate pair", "\ud800", "\\u{d800}"],
];

describe("hostile text", () => {
  test.each(HOSTILE)("%s is made visible", (_, hostile, expected) => {
    expect(text.visible(hostile)).toBe(expected);
    expect(text.shown(hostile)).toBe(expected);
  });

  test.each(HOSTILE)("%s is escaped in JSON, and means the same", (_, hostile) => {
    const json = text.toJsonText({ [hostile]: hostile });
    expect(json).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(json)).toEqual({ [hostile]: hostile });
  });

  test("whole lines keep their ends", () => {
    expect(text.visibleLines("a\u001b\nb\r\n")).toBe("a\\u{1b}\nb\\u{d}\n");
  });

  test("ordinary text of any script stays as it is", () => {
    const ordinary = "größe 重さ שלום 🌸 a\\b";
    expect(text.visible(ordinary)).toBe(ordinary);
  });

  test("a long text is cut before it floods the terminal", () => {
    expect(text.shown("\u001b".repeat(1e6)).length).toBeLessThan(1200);
    expect(text.shown("x".repeat(1e6))).toBe(`${"x".repeat(160)}… (1,000,000 characters)`);
  });
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [1949, "1.9 kB"],
  [999_949, "999.9 kB"],
  [999_950, "1.0 MB"],
  [35_000_000, "35.0 MB"],
  [2_147_483_648, "2.1 GB"],
  [5e12, "5000.0 GB"],
])("%d bytes are shown as %s", (bytes, expected) => {
  expect(text.size(bytes)).toBe(expected);
});

test.each([
  [0.04, "0.0 s"],
  [9.94, "9.9 s"],
  [12.4, "12 s"],
  [59.6, "1:00"],
  [185, "3:05"],
  [3723, "1:02:03"],
])("%d seconds are shown as %s", (seconds, expected) => {
  expect(text.duration(seconds)).toBe(expected);
});

test("counts have their nouns", () => {
  expect(text.plural(1, "row")).toBe("1 row");
  expect(text.plural(2_000_000, "row")).toBe("2,000,000 rows");
});

test("columns are padded by characters, and the last one not at all", () => {
  expect(
    text.align([
      ["a", "🌸🌸", "x"],
      ["bbb", "c", "yy"],
    ]),
  ).toEqual(["a    🌸🌸  x", "bbb  c   yy"]);
  expect(text.align([])).toEqual([]);
});

describe("the progress line", () => {
  test("of a known size has a bar, a rate and the time left", () => {
    const line = progressLine({ bytes: 250, rows: 5000 }, 10, 1000);
    expect(line).toBe(
      `▕${"█".repeat(6)}${" ".repeat(18)}▏  25 %  5,000 rows  500 rows/s  30 s left`,
    );
  });

  test("before the first byte promises nothing", () => {
    expect(progressLine({ bytes: 0, rows: 0 }, 1, 1000)).toBe(
      `▕${" ".repeat(24)}▏   0 %  0 rows  0 rows/s`,
    );
  });

  test("of a stream has what came so far", () => {
    expect(progressLine({ bytes: 2500, rows: 10 }, 2, undefined)).toBe("2.5 kB  10 rows  5 rows/s");
  });

  test("of a file that grows does not pass its end", () => {
    expect(progressLine({ bytes: 2000, rows: 10 }, 2, 1000)).toContain("100 %");
  });
});
