import { describe, expect, test } from "@jest/globals";
import { bytesOf, internals, pieces } from "./support/internals.js";

type Module = typeof import("../../../dist/cli/json.js");
type Scanner = InstanceType<Module["JsonArrayScanner"] | Module["JsonLinesScanner"]>;
const { JsonArrayScanner, JsonLinesScanner } = await internals<Module>("json");

interface Read {
  line: number;
  row: unknown;
}

function read(scanner: Scanner, input: Uint8Array, size = input.length): Read[] {
  const rows: Read[] = [];
  const drain = (): void => {
    while (scanner.next()) rows.push({ line: scanner.line, row: scanner.row() });
  };
  for (const piece of pieces(input, Math.max(size, 1))) {
    scanner.feed(piece);
    drain();
  }
  scanner.end();
  drain();
  return rows;
}

const malformed = (line: number): unknown =>
  expect.objectContaining({ code: "InputMalformed", place: { line } });

describe("a JSON array", () => {
  const rowsOf = (text: string): unknown[] =>
    read(new JsonArrayScanner(), bytesOf(text)).map(({ row }) => row);

  test.each<[string, string, unknown[]]>([
    ["objects", '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    [
      "arrays",
      "[[1,2],[3,4]]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["white space everywhere", '\r\n\t [ \n{ "a" : 1 }\n , [ 2 ] \n]\n\n', [{ a: 1 }, [2]]],
    [
      "brackets and quotes in texts",
      '[{"]},[{\\"":"\\\\"},["\\\\\\"]"]]',
      [{ ']},[{"': "\\" }, ['\\"]']],
    ],
    ["nothing in it", " [ ] ", []],
    ["a byte order mark", "\uFEFF[[1]]", [[1]]],
  ])("%s", (_, text, expected) => {
    expect(rowsOf(text)).toEqual(expected);
  });

  test("the same in pieces of any size", () => {
    const input = bytesOf('\uFEFF[{"a\\"":"🌸]"},\n[1, 2] ,{"b":[{}]}\n]\n');
    const whole = read(new JsonArrayScanner(), input);
    expect(whole.map(({ line }) => line)).toEqual([1, 2, 2]);
    for (let size = 1; size < input.length; size += 1) {
      expect(read(new JsonArrayScanner(), input, size)).toEqual(whole);
    }
  });

  test.each<[string, string, number]>([
    ["nothing at all", "", 1],
    ["an object", '\n{"a":1}', 2],
    ["an array that does not end", "[[1],\n", 2],
    ["an element that does not end", "[\n[1", 2],
    ["an empty element", "[[1],,[2]]", 1],
    ["a comma before the end", "[[1],]", 1],
    ["text after the end", "[[1]]\n[", 2],
    ["a brace that closes the array", "[[1]}", 1],
    ["brackets that do not match", "[[1}]", 1],
    ["a number as a row", "[1]", 1],
    ["null as a row", "[null]", 1],
    ["a syntax error, on the line of its row", "[[1],\n[2],\n[x]]", 3],
  ])("refuses %s", (_, text, line) => {
    expect(() => rowsOf(text)).toThrow(malformed(line));
  });
});

describe("JSON Lines", () => {
  const rowsOf = (text: string): unknown[] =>
    read(new JsonLinesScanner(), bytesOf(text)).map(({ row }) => row);

  test.each<[string, string, unknown[]]>([
    ["objects and arrays", '{"a":1}\n[2]\n', [{ a: 1 }, [2]]],
    ["CRLF, blank lines, no end of the last line", '\r\n{"a":1}\r\n\n  \n[2]', [{ a: 1 }, [2]]],
    ["nothing at all", "", []],
    ["a byte order mark", "\uFEFF[1]", [[1]]],
  ])("%s", (_, text, expected) => {
    expect(rowsOf(text)).toEqual(expected);
  });

  test("the same in pieces of any size", () => {
    const input = bytesOf('{"a":"🌸"}\n\n[1]\r\n{"b":2}');
    const whole = read(new JsonLinesScanner(), input);
    expect(whole.map(({ line }) => line)).toEqual([1, 3, 4]);
    for (let size = 1; size < input.length; size += 1) {
      expect(read(new JsonLinesScanner(), input, size)).toEqual(whole);
    }
  });

  test.each<[string, string, number]>([
    ["two values on a line", "[1]\n[2] [3]\n", 2],
    ["a text", '"a"\n', 1],
    ["a cut off value", '[1]\n\n{"a":', 3],
  ])("refuses %s", (_, text, line) => {
    expect(() => rowsOf(text)).toThrow(malformed(line));
  });

  test("refuses bytes that are not UTF-8", () => {
    expect(() => read(new JsonLinesScanner(), Uint8Array.of(0x22, 0xc0, 0x22))).toThrow(
      malformed(1),
    );
  });
});
