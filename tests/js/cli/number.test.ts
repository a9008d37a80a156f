import { describe, expect, test } from "@jest/globals";
import { bytesOf, internals } from "./support/internals.js";

const { parseNumber } = await internals<typeof import("../../../dist/cli/number.js")>("number");

const parse = (text: string): number => {
  const padded = bytesOf(`9${text}9`);
  return parseNumber(padded, 1, padded.length - 1);
};

/** Reproducible: mulberry32. */
function randomWords(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

describe("the same double as the platform reads", () => {
  test.each([
    "0",
    "-0",
    "+1",
    "007",
    "1.",
    ".5",
    "-.5e1",
    "1e0",
    "1E+3",
    "1e-3",
    "123456789012345678901234567890",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "0.1",
    "1e22",
    "1e23",
    "5e-324",
    "2e-324",
    "1.7976931348623157e308",
    "1e309",
    "-1e309",
    "1e-400",
    "0e999999999999",
    "1e99999999999999999999",
    "0.000000000000000000000000000001",
    "1e-22",
    "1e-23",
    "179769313486231580793e289",
    `1${"0".repeat(400)}e-400`,
    `0.${"0".repeat(400)}1e401`,
  ])("%s", (text) => {
    expect(parse(text)).toBe(Number(text));
  });

  /** The texts among `count` random ones that are read as another number. */
  const misread = (count: number, random: () => string): string[] =>
    Array.from({ length: count }, random).filter((text) => !Object.is(parse(text), Number(text)));

  test("any bits, in their shortest form and with digits cut off", () => {
    const next = randomWords(1);
    const view = new DataView(new ArrayBuffer(8));
    const finite = (): number => {
      view.setUint32(0, next());
      view.setUint32(4, next());
      const value = view.getFloat64(0);
      return Number.isFinite(value) ? value : finite();
    };
    expect(misread(50_000, () => String(finite()))).toEqual([]);
    expect(misread(50_000, () => finite().toPrecision(1 + (next() % 17)))).toEqual([]);
  });

  test("decimals of everyday size", () => {
    const next = randomWords(2);
    const decimal = (): string => ((next() - 2 ** 31) / 10 ** (next() % 8)).toFixed(next() % 10);
    expect(misread(100_000, decimal)).toEqual([]);
  });
});

test.each([
  "",
  "-",
  "+",
  ".",
  "-.",
  "e1",
  ".e1",
  "1e",
  "1e+",
  "1e-",
  "--1",
  "+-1",
  "1-",
  "1 2",
  " 1",
  "1 ",
  "1,5",
  "1.2.3",
  "1e2.5",
  "1e2e3",
  "0x10",
  "0b1",
  "1_000",
  "Infinity",
  "-Infinity",
  "NaN",
  "nan",
  "1f",
  "１",
  "1\0",
])("%j is no number", (text) => {
  expect(parse(text)).toBeNaN();
});

test("the bytes around it are not read", () => {
  expect(parseNumber(bytesOf("12345"), 1, 3)).toBe(23);
  expect(parseNumber(bytesOf("12345"), 2, 2)).toBeNaN();
  expect(parseNumber(bytesOf("1e5"), 0, 2)).toBeNaN();
  expect(parseNumber(bytesOf("-5"), 0, 1)).toBeNaN();
});
