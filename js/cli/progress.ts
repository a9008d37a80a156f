// One line on standard error that says how far a long run has come; only where a person looks.

import type { OutputStream } from "./terminal.js";
import { count, duration, plural, size } from "./text.js";

const BAR_CELLS = 24;
const REDRAW_MS = 100;
/** What is done sooner needs no display. */
const FIRST_DRAW_MS = 500;
export const CLEAR_LINE = "\r\u001b[K";
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A line that is drawn over itself while work goes on. `stream`: undefined for none. */
class LiveLine {
  readonly #started = performance.now();
  #nextDraw = this.#started + FIRST_DRAW_MS;
  #visible = false;

  constructor(private readonly stream: OutputStream | undefined) {}

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  draw(line: () => string): void {
    const now = performance.now();
    if (this.stream === undefined || now < this.#nextDraw) return;
    this.#nextDraw = now + REDRAW_MS;
    this.#visible = true;
    this.stream.write(CLEAR_LINE + line().slice(0, (this.stream.columns ?? 80) - 1));
  }

  clear(): void {
    if (this.#visible) this.stream?.write(CLEAR_LINE);
    this.#visible = false;
  }
}

/** Of predicting. */
export class Progress extends LiveLine {
  bytes = 0;
  rows = 0;

  /** `total`: bytes, where they are known. */
  constructor(
    stream: OutputStream | undefined,
    private readonly total: number | undefined,
  ) {
    super(stream);
  }

  /** Counts bytes as they pass. */
  async *count(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      yield chunk;
      this.bytes += chunk.length;
    }
  }

  update(): void {
    this.draw(() => progressLine(this, this.seconds, this.total));
  }
}

/** Of work on a file of which it is known how much there is. */
export class ByteProgress extends LiveLine {
  /** To be given as `onProgress`. */
  readonly report = ({ loaded, total }: { loaded: number; total: number | undefined }): void => {
    this.draw(() => byteLine(loaded, total, this.seconds));
  };
}

export function byteLine(done: number, total: number | undefined, seconds: number): string {
  const rate = `${size(Math.round(done / seconds))}/s`;
  if (total === undefined || total === 0) return `${size(done)}  ${rate}`;
  const part = Math.min(done / total, 1);
  return `${bar(part)} ${percent(part)}  ${size(done)} of ${size(total)}  ${rate}${left(part, seconds)}`;
}

export function progressLine(
  done: { bytes: number; rows: number },
  seconds: number,
  total: number | undefined,
): string {
  const rate = `${plural(done.rows, "row")}  ${count(Math.round(done.rows / seconds))} rows/s`;
  if (total === undefined || total === 0) return `${size(done.bytes)}  ${rate}`;
  const part = Math.min(done.bytes / total, 1);
  return `${bar(part)} ${percent(part)}  ${rate}${left(part, seconds)}`;
}

function percent(part: number): string {
  return `${String(Math.floor(part * 100)).padStart(3)} %`;
}

function left(part: number, seconds: number): string {
  return part === 0 ? "" : `  ${duration((seconds * (1 - part)) / part)} left`;
}

function bar(part: number): string {
  const eighths = Math.floor(part * BAR_CELLS * 8);
  const full = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  return `▕${full.padEnd(BAR_CELLS)}▏`;
}
