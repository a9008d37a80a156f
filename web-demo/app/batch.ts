// A dropped table: how far it is, its first rows with predictions, and the result to download.

import { button, byId, el, focusOn } from "./dom.js";
import { label, passage } from "./foreign.js";
import { bytes, count, percent, plural } from "./format.js";
import { csvWorkerUrl } from "./script-urls.js";
import type { Job, ModelFile, Preview, Report } from "./csv-messages.js";

export interface BatchPanel {
  reset(model: ModelFile): void;
  score(table: File): void;
  stop(): void;
}

type Failure = Extract<Report, { kind: "failed" }>;

/** "sepal_length" as "4.9", "0.97324" as "0.973": a table to look at, the download has it all. */
function rounded(text: string): string {
  const value = Number(text);
  return text === "" || Number.isNaN(value) ? text : String(Number(value.toPrecision(5)));
}

function previewTable({ answers, columns, rows, hiddenColumns }: Preview): HTMLElement {
  const title = (name: string, kind: string): HTMLElement =>
    el("th", { scope: "col", class: kind }, label(name, 40));
  const body = rows.map((row) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, count(row.line)),
      ...row.answers.map((text) => el("td", { class: "predicted" }, label(rounded(text), 40))),
      ...row.cells.map((text) => el("td", {}, text === "" ? "" : label(text, 40))),
    ),
  );
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, "Line"),
    ...answers.map((name) => title(name, "predicted")),
    ...columns.map((name) => title(name, "given")),
  );
  const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...body));
  if (hiddenColumns > 0)
    table.append(el("caption", {}, `${plural(hiddenColumns, "further column")} not shown`));
  const name = "First rows with predictions";
  return el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": name }, table);
}

function unusedNote({ unused }: Preview): HTMLElement[] {
  if (unused.length === 0) return [];
  const names = unused.flatMap((name, index) => [index > 0 ? ", " : "", label(name, 40)]);
  return [el("p", { class: "quiet" }, "Kept, but no feature of the model: ", ...names)];
}

function placeOf({ line, column }: Failure): (Node | string)[] {
  if (line === undefined) return ["Stopped: "];
  const inColumn = column === undefined ? [] : [", column ", label(column)];
  return [`Stopped at line ${count(line)}`, ...inColumn, ": "];
}

function failureNote(failure: Failure): HTMLElement {
  const what = passage(failure.message);
  return el("p", { class: "problem", role: "alert" }, ...placeOf(failure), what, ".");
}

function resultName(table: string): string {
  return `${table.replace(/\.[^.]*$/, "")}-predictions.csv`;
}

export function batchPanel(): BatchPanel {
  const root = byId("batch-result", HTMLElement);
  let model: ModelFile | undefined;
  let worker: Worker | undefined;
  let resultUrl = "";

  function stop(): void {
    worker?.terminate();
    worker = undefined;
    URL.revokeObjectURL(resultUrl);
    root.replaceChildren();
  }

  function score(table: File): void {
    if (!model) return;
    stop();
    const view = runView(table, stop);
    root.replaceChildren(view.element);
    focusOn(byId("batch-title", HTMLElement));
    worker = new Worker(csvWorkerUrl(), { type: "module", name: "csv" });
    worker.addEventListener("message", ({ data }: MessageEvent<Report>) => {
      if (data.kind === "done") resultUrl = URL.createObjectURL(data.result);
      view.report(data, resultUrl);
    });
    worker.addEventListener("error", () => {
      view.report(
        { kind: "failed", message: "the worker stopped", line: undefined, column: undefined },
        "",
      );
    });
    worker.postMessage({ model, table } satisfies Job);
  }
  return {
    reset(next) {
      stop();
      model = next;
    },
    score,
    stop,
  };
}

function runView(table: File, cancel: () => void) {
  const bar = el("progress", { "aria-label": "Rows scored" });
  bar.max = 1;
  const state = el(
    "p",
    { role: "status" },
    "Reading ",
    label(table.name),
    ` · ${bytes(table.size)}`,
  );
  const end = el("div", { class: "row" }, button("Cancel", cancel));
  const first = el("div");
  const element = el("div", { class: "run" }, bar, state, end, first);

  function finish(rows: number, size: number, url: string): void {
    const link = el("a", { class: "button primary", download: resultName(table.name) }, "Download");
    link.href = url;
    bar.value = 1;
    state.replaceChildren(`${plural(rows, "row")} predicted · ${bytes(size)}`);
    end.replaceChildren(link, button("Remove", cancel));
  }
  function report(what: Report, url: string): void {
    switch (what.kind) {
      case "preview": {
        first.replaceChildren(previewTable(what.preview), ...unusedNote(what.preview));
        return;
      }
      case "progress":
        bar.value = what.share;
        {
          state.replaceChildren(`${plural(what.rows, "row")} · ${percent(what.share)}`);
          return;
        }
      case "done": {
        finish(what.rows, what.result.size, url);
        return;
      }
      case "failed":
        bar.remove();
        state.remove();
        end.replaceChildren(failureNote(what), button("Remove", cancel));
    }
  }
  return { element, report };
}
