// Scores a CSV file of any size beside the page. The model is verified once more here, from its own
// bytes: nothing that runs was checked elsewhere only. The result is a Blob, which browsers keep on
// disk when it is large, so memory holds one block of rows at a time.

import { openInThread } from "../app/andon.js";
import {
  columnsInPreview,
  rowsInPreview,
  type Job,
  type Preview,
  type Report,
} from "../app/csv-messages.js";
import { csvCell, CsvError, CsvReader, type Row } from "./csv-reader.js";
import { csvLine, Scorer, type Scored } from "./csv-scorer.js";

const partSize = 1 << 20; // characters gathered before they become part of the result
const reportEvery = 100; // milliseconds
const longestCell = 200; // characters of a cell in the preview

const post = (report: Report): void => {
  self.postMessage(report);
};

class Result {
  private parts: Blob[] = [];
  private text = "";

  write(text: string): void {
    this.text += text;
    if (this.text.length >= partSize) this.settle();
  }
  finish(): Blob {
    this.settle();
    return new Blob(this.parts, { type: "text/csv" });
  }
  private settle(): void {
    this.parts.push(new Blob([this.text]));
    this.text = "";
  }
}

function preview(scorer: Scorer, scored: Scored[]): Preview {
  const { answers, columns, unused } = scorer;
  const cut = (texts: string[]): string[] =>
    texts.slice(0, columnsInPreview).map((text) => text.slice(0, longestCell));
  return {
    answers,
    columns: cut(columns),
    rows: scored.slice(0, rowsInPreview).map(({ row, answers: found }) => ({
      line: row.line,
      answers: found,
      cells: cut(row.cells),
    })),
    hiddenColumns: Math.max(0, columns.length - columnsInPreview),
    unused: cut(unused),
  };
}

class Run {
  private readonly decoder = new TextDecoder("utf-8", { fatal: true }); // drops a byte order mark
  private readonly reader = new CsvReader();
  private readonly result = new Result();
  private rows = 0;
  private started = false;
  private reported = 0;

  constructor(private readonly scorer: Scorer) {}

  async over(table: Blob): Promise<void> {
    const stream = table.stream().getReader();
    let read = 0;
    for (;;) {
      const { done, value } = await stream.read();
      this.take(this.reader.push(this.decode(value)));
      if (done) break;
      read += value.length;
      this.progress(read / table.size);
    }
    this.take(this.reader.end());
    this.flush();
    if (!this.started) throw new CsvError("the file is empty: its first line names the columns", 1);
    post({ kind: "done", rows: this.rows, result: this.result.finish() });
  }

  private decode(bytes: Uint8Array | undefined): string {
    try {
      return this.decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new Error("the file is not text in UTF-8", { cause });
    }
  }

  private take(rows: Iterable<Row>): void {
    for (const row of rows) {
      if (this.started) this.scorer.add(row);
      else this.begin(row);
      if (this.scorer.full) this.flush();
    }
  }

  private begin(row: Row): void {
    this.scorer.header(row);
    this.started = true;
    this.result.write(`${row.text},${this.scorer.answers.map(csvCell).join(",")}\n`);
  }

  private flush(): void {
    const scored = this.scorer.score();
    if (scored.length === 0) return;
    if (this.rows === 0) post({ kind: "preview", preview: preview(this.scorer, scored) });
    this.rows += scored.length;
    this.result.write(scored.map(csvLine).join(""));
  }

  private progress(share: number): void {
    const now = performance.now();
    if (now - this.reported < reportEvery) return;
    this.reported = now;
    post({ kind: "progress", rows: this.rows, share });
  }
}

function failure(error: unknown): Report {
  const place = error instanceof CsvError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", message, line: place?.line, column: place?.column };
}

self.addEventListener("message", ({ data }: MessageEvent<Job>) => {
  void score(data).catch((error: unknown) => {
    post(failure(error));
  });
});

async function score({ model, table }: Job): Promise<void> {
  const opened = await openInThread(model.file, model.options);
  try {
    await new Run(new Scorer(opened)).over(table);
  } finally {
    opened.dispose();
  }
}
