// CSV as RFC 4180 has it, read in pieces of any size: records end with LF or CRLF, a cell in quotes
// may hold commas, line ends and doubled quotes. Empty lines are passed over.

export interface Row {
  line: number; // where the record begins, counted from 1
  text: string; // as it stands in the file, without its line end
  cells: string[];
}

export class CsvError extends Error {
  constructor(
    message: string,
    readonly line: number,
    readonly column?: string,
  ) {
    super(message);
  }
}

// A quote left open would otherwise gather the rest of the file as one cell.
const longestRecord = 16 * 1024 * 1024; // characters

export class CsvReader {
  private rest = ""; // the beginning of a record whose end has not come yet
  private inQuotes = false; // at the end of `rest`
  private line = 1;

  /** The records that end in this piece. */
  *push(piece: string): Generator<Row> {
    const text = this.rest + piece;
    let start = 0;
    let at = this.rest.length;
    for (let end = text.indexOf("\n", at); end >= 0; end = text.indexOf("\n", at)) {
      this.passQuotes(text, at, end);
      at = end + 1;
      if (this.inQuotes) continue;
      yield* this.record(text.slice(start, end));
      start = at;
    }
    this.passQuotes(text, at, text.length);
    this.rest = text.slice(start);
    if (this.rest.length > longestRecord)
      throw new CsvError("the record is longer than 16 million characters", this.line);
  }

  /** The last record, when no line end follows it. */
  *end(): Generator<Row> {
    if (this.inQuotes) throw new CsvError("a quote is never closed", this.line);
    yield* this.record(this.rest);
  }

  private passQuotes(text: string, from: number, to: number): void {
    for (let at = text.indexOf('"', from); at >= 0 && at < to; at = text.indexOf('"', at + 1))
      this.inQuotes = !this.inQuotes;
  }

  private *record(untrimmed: string): Generator<Row> {
    const { line } = this;
    const text = untrimmed.endsWith("\r") ? untrimmed.slice(0, -1) : untrimmed;
    const quoted = text.includes('"'); // only such a record can be longer than a line
    this.line += quoted ? text.split("\n").length : 1;
    if (text === "") return;
    const cells = quoted ? quotedCells(text, line) : text.split(",");
    yield { line, text, cells };
  }
}

const nextCell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;

function quotedCells(text: string, line: number): string[] {
  const cells: string[] = [];
  nextCell.lastIndex = 0;
  for (;;) {
    const match = nextCell.exec(text);
    if (!match) throw new CsvError("a quote stands where none may be", line);
    const [, quoted, plain = "", comma] = match;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (comma === "") return cells;
  }
}

/** A cell as CSV writes it. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
