// Rows in JSON: the elements of one array, or one value a line (JSON Lines). Each is found by its
// brackets and quotes, and only then parsed.

import { Scanner } from "./scanner.js";
import { CliError } from "./errors.js";

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export type JsonRow = readonly unknown[] | Readonly<Record<string, unknown>>;

export abstract class JsonScanner extends Scanner {
  protected start = 0;
  protected stop = 0;

  /** The current row. */
  row(): JsonRow {
    const value = this.#parse(this.decode(this.start, this.stop));
    if (typeof value === "object" && value !== null) return value as JsonRow;
    throw this.malformed("a row is an object or an array", this.line);
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      const place = { line: this.line };
      throw new CliError("InputMalformed", `line ${this.line}: this is not JSON`, place, { cause });
    }
  }

  /** Skips what stands before a value; false when the bytes end there. */
  protected skipSpace(): boolean {
    for (; this.position < this.bytes.length; this.position += 1) {
      const byte = this.bytes[this.position];
      if (byte === LF) this.nextLine += 1;
      else if (byte !== SPACE && byte !== TAB && byte !== CR) return true;
    }
    return false;
  }
}

export class JsonLinesScanner extends JsonScanner {
  protected override scan(): boolean {
    if (!this.skipSpace()) return false;
    const newline = this.bytes.indexOf(LF, this.position);
    if (newline < 0 && !this.ended) return false;
    this.start = this.position;
    this.stop = newline < 0 ? this.bytes.length : newline;
    this.line = this.nextLine;
    this.position = this.stop;
    return true;
  }
}

const NOT_AN_ARRAY = "the input is not a JSON array (for one row a line, say --input-format jsonl)";

/** What the array must go on with. */
type Expected = "array" | "first" | "element" | "nothing";

export class JsonArrayScanner extends JsonScanner {
  #expected: Expected = "array";

  protected override scan(): boolean {
    if (!this.skipSpace()) {
      if (this.ended && this.#expected !== "nothing") throw this.#unfinished();
      return false;
    }
    switch (this.#expected) {
      case "nothing":
        throw this.malformed("text after the end of the array");
      case "array":
        if (this.bytes[this.position] !== OPEN_BRACKET) throw this.malformed(NOT_AN_ARRAY);
        this.position += 1;
        this.#expected = "first";
        return this.scan();
      case "first":
        if (this.bytes[this.position] !== CLOSE_BRACKET) return this.#element();
        this.position += 1;
        this.#expected = "nothing";
        return this.scan();
      case "element":
        return this.#element();
    }
  }

  #element(): boolean {
    const stop = this.#elementEnd();
    if (stop < 0) {
      if (this.ended) throw this.#unfinished();
      return false;
    }
    const last = this.bytes[stop] === CLOSE_BRACKET;
    if (!last && this.bytes[stop] !== COMMA) throw this.malformed("a brace that nothing opened");
    this.start = this.position;
    this.stop = stop;
    this.line = this.nextLine;
    for (let at = this.start; at < stop; at += 1) if (this.bytes[at] === LF) this.nextLine += 1;
    this.#expected = last ? "nothing" : "element";
    this.position = stop + 1;
    return true;
  }

  #unfinished(): CliError {
    return this.malformed(this.#expected === "array" ? NOT_AN_ARRAY : "the array does not end");
  }

  /** Where the comma or bracket after the element stands; -1 while it has not arrived. */
  #elementEnd(): number {
    const { bytes } = this;
    let depth = 0;
    let quoted = false;
    for (let at = this.position; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (quoted) {
        if (byte === BACKSLASH) at += 1;
        else if (byte === QUOTE) quoted = false;
      } else if (byte === QUOTE) quoted = true;
      else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) depth += 1;
      else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
        if (depth === 0) return at;
        depth -= 1;
      } else if (byte === COMMA && depth === 0) return at;
    }
    return -1;
  }
}
