// CSV as RFC 4180 has it, with LF as well as CRLF, in UTF-8 with or without a byte order mark.
//
//   record = cell *("," cell) (LF / CRLF / end of input)
//   cell   = *TEXTDATA / DQUOTE *(TEXTDATA / "," / CR / LF / 2DQUOTE) DQUOTE
//
// Cells stay bytes until somebody asks for their text: numbers are read without making strings.

import { parseNumber } from "./number.js";
import { Scanner } from "./scanner.js";

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
/** What is read where the bytes that have arrived end. */
const END = -1;

export class CsvScanner extends Scanner {
  /** Cells of the current record. */
  cells = 0;
  // The bytes of each cell, inside its quotes.
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #recordStart = 0;
  #recordEnd = 0;
  #newlines = 0;

  /** The record has nothing in it at all. */
  get empty(): boolean {
    return this.#recordStart === this.#recordEnd;
  }

  text(i: number): string {
    const text = this.decode(this.#start(i), this.#end(i));
    // A quote inside a cell can only be one half of a doubled one.
    return text.includes('"') ? text.replaceAll('""', '"') : text;
  }

  /** The whole record as it stands in the input, without its end of line. */
  record(): string {
    return this.decode(this.#recordStart, this.#recordEnd);
  }

  /** Nothing but spaces. */
  blank(i: number): boolean {
    const [start, end] = this.#trimmed(i);
    return start === end;
  }

  /** The number that the cell is, spaces around it aside; NaN when it is none. */
  number(i: number): number {
    const [start, end] = this.#trimmed(i);
    return parseNumber(this.bytes, start, end);
  }

  protected override scan(): boolean {
    const { bytes } = this;
    if (this.position === bytes.length) return false;
    let at = this.position;
    this.#newlines = 0;
    for (let cell = 0; ; cell += 1) {
      at = bytes[at] === QUOTE ? this.#quoted(at, cell) : this.#plain(at, cell);
      if (at === END) return false;
      if (bytes[at] !== COMMA) {
        this.cells = cell + 1;
        break;
      }
      at += 1;
    }
    this.#finish(at);
    return true;
  }

  /** Reads a cell without quotes; returns where its comma or end of record stands, or END. */
  #plain(start: number, cell: number): number {
    const { bytes } = this;
    let at = start;
    let byte = bytes[at] ?? END;
    while (byte !== COMMA && byte !== LF && byte !== END) {
      if (byte === QUOTE)
        throw this.#malformedHere("a quote inside a cell that has none around it");
      at += 1;
      byte = bytes[at] ?? END;
    }
    if (byte === END && !this.ended) return END;
    if (byte !== COMMA && at > start && bytes[at - 1] === CR) at -= 1;
    this.#starts[cell] = start;
    this.#ends[cell] = at;
    return at;
  }

  #quoted(open: number, cell: number): number {
    const { bytes } = this;
    let at = open + 1;
    for (; ; at += 1) {
      const byte = bytes[at] ?? END;
      if (byte === END) {
        if (this.ended) throw this.malformed("a quote is never closed");
        return END;
      }
      if (byte === LF) this.#newlines += 1;
      if (byte !== QUOTE) continue;
      if (bytes[at + 1] !== QUOTE) break;
      at += 1;
    }
    this.#starts[cell] = open + 1;
    this.#ends[cell] = at;
    return this.#afterQuote(at + 1);
  }

  /** A closing quote stands before a comma or the end of the record; returns `at`, or END. */
  #afterQuote(at: number): number {
    const next = this.bytes[at] ?? END;
    const byte = next === CR ? (this.bytes[at + 1] ?? END) : next;
    if (byte === END && !this.ended) return END;
    if (byte === LF || byte === END || next === COMMA) return at;
    throw this.#malformedHere("text after a closing quote");
  }

  /** `at`: the end of the last cell, where the line ends or the input does. */
  #finish(at: number): void {
    this.#recordStart = this.position;
    this.#recordEnd = at;
    let next = at;
    if (this.bytes[next] === CR) next += 1;
    if (this.bytes[next] === LF) next += 1;
    this.position = next;
    this.line = this.nextLine;
    this.nextLine += this.#newlines + 1;
  }

  #malformedHere(what: string): Error {
    return this.malformed(what, this.nextLine + this.#newlines);
  }

  #start(i: number): number {
    return this.#starts[i] ?? 0;
  }

  #end(i: number): number {
    return this.#ends[i] ?? 0;
  }

  #trimmed(i: number): [number, number] {
    let start = this.#start(i);
    let end = this.#end(i);
    while (start < end && isSpace(this.bytes[start])) start += 1;
    while (start < end && isSpace(this.bytes[end - 1])) end -= 1;
    return [start, end];
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

/** A cell as CSV writes it. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
