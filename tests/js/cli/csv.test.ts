import { describe, expect, test } from "@jest/globals";
import { bytesOf, codeThrownBy, internals, pieces } from "./support/internals.js";

const { CsvScanner, csvCell } = await internals<typeof import("../../../dist/cli/csv.js")>("csv");
const { MAX_RECORD_BYTES } =
  await internals<typeof import("../../../dist/cli/scanner.js")>("scanner");

interface Read {
  line: number;
  cells: string[];
}

function read(input: Uint8Array, size = input.length): Read[] {
  const scanner = new CsvScanner();
  const records: Read[] = [];
  const drain = (): void => {
    while (scanner.next()) {
      const cells = Array.from({ length: scanner.cells }, (_, i) => scanner.text(i));
      records.push({ line: scanner.line, cells });
    }
  };
  for (const piece of pieces(input, Math.max(size, 1))) {
    scanner.feed(piece);
    drain();
  }
  scanner.end();
  drain();
  return records;
}

const cellsOf = (text: string): string[][] => read(bytesOf(text)).map(({ cells }) => cells);

describe("records", () => {
  test.each<[string, string, string[][]]>([
    [
      "plain cells",
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "CRLF",
      "a,b\r\n1,2\r\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "no end of the last line",
      "a,b\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ["CR at the very end", "a,b\r", [["a", "b"]]],
    ["a byte order mark", "\uFEFFa,b\n", [["a", "b"]]],
    ["a byte order mark before a quote", '\uFEFF"a",b\n', [["a", "b"]]],
    [
      "empty cells",
      ",\n,,\n",
      [
        ["", ""],
        ["", "", ""],
      ],
    ],
    ["an empty last cell at the end of the input", "a,", [["a", ""]]],
    ["blank lines", "a\n\n\r\nb\n", [["a"], [""], [""], ["b"]]],
    ["quotes", '"a","b"\n', [["a", "b"]]],
    ["an empty quoted cell", '"",x\n', [["", "x"]]],
    ["a comma in quotes", '"a,b",c\n', [["a,b", "c"]]],
    ["doubled quotes", '"say ""hi""",""""\n', [['say "hi"', '"']]],
    [
      "newlines in quotes",
      '"a\nb","c\r\nd"\r\ne,f\n',
      [
        ["a\nb", "c\r\nd"],
        ["e", "f"],
      ],
    ],
    ["a quoted cell that ends the input", 'a,"b"', [["a", "b"]]],
    ["a quoted cell before CR at the end", 'a,"b"\r', [["a", "b"]]],
    ["a lone CR inside a line", "a\rb,c\n", [["a\rb", "c"]]],
    ["text that is not ASCII", "größe,重さ,🌸\n", [["größe", "重さ", "🌸"]]],
    ["nothing", "", []],
  ])("%s", (_, text, expected) => {
    expect(cellsOf(text)).toEqual(expected);
  });

  test("the same in pieces of any size", () => {
    const input = bytesOf('\uFEFF"x ""1""",y\r\n\n"a\r\nb",🌸\n,"\n"\r\nlast,"q"');
    const whole = read(input);
    for (let size = 1; size < input.length; size += 1) expect(read(input, size)).toEqual(whole);
  });

  test("carry the line on which they begin", () => {
    const lines = read(bytesOf('h\n"a\n\nb"\n\nc\n')).map(({ line }) => line);
    expect(lines).toEqual([1, 2, 5, 6]);
  });

  test("as they stand in the input", () => {
    const scanner = new CsvScanner();
    scanner.feed(bytesOf('"a ""b""",c \r\nnext'));
    scanner.next();
    expect(scanner.record()).toBe('"a ""b""",c ');
  });
});

describe("cells", () => {
  function first(text: string): InstanceType<typeof CsvScanner> {
    const scanner = new CsvScanner();
    scanner.feed(bytesOf(text));
    scanner.end();
    scanner.next();
    return scanner;
  }

  test("are numbers, spaces around them aside", () => {
    const scanner = first('1.5, -2 ,\t3e2,"4"," 5 "\n');
    expect([0, 1, 2, 3, 4].map((i) => scanner.number(i))).toEqual([1.5, -2, 300, 4, 5]);
  });

  test("are blank with nothing but spaces", () => {
    const scanner = first(',"", \t,x\n');
    expect([0, 1, 2, 3].map((i) => scanner.blank(i))).toEqual([true, true, true, false]);
  });
});

describe("refused as malformed", () => {
  test.each<[string, string, number]>([
    ["a quote inside a plain cell", 'a\nb"c\n', 2],
    ["text after a closing quote", 'a\n\n"b"c\n', 3],
    ["a CR after a closing quote that ends no line", 'a\n"b"\rc\n', 2],
    ["a quote that is never closed", 'a\n"b\n\n', 2],
    ["the line inside a record", '"a\nb",c"d\n', 2],
  ])("%s", (_, text, line) => {
    expect(() => cellsOf(text)).toThrow(
      expect.objectContaining({ code: "InputMalformed", place: { line } }),
    );
  });

  test("bytes that are not UTF-8", () => {
    expect(codeThrownBy(() => read(Uint8Array.of(0x61, 0xff, 0x0a)))).toBe("InputMalformed");
  });

  test("a record beyond the limit", () => {
    const scanner = new CsvScanner();
    const chunk = new Uint8Array(MAX_RECORD_BYTES / 2 + 1).fill(0x20);
    scanner.feed(bytesOf('"'));
    const feed = (): void => {
      scanner.next();
      scanner.feed(chunk);
    };
    feed();
    feed();
    expect(codeThrownBy(feed)).toBe("InputMalformed");
  });
});

test("cells are written so that they read back", () => {
  const texts = ["plain", "", "a,b", 'a"b', "a\nb", "a\r", " x ", '"'];
  expect(cellsOf(`${texts.map(csvCell).join(",")}\n`)).toEqual([texts]);
});
