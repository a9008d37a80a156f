// One line on standard error that says how far a long run has come; only where a person looks.

import type { OutputStream } from "./terminal.js";
import { count, duration, plural, size } from "./text.js";

const BAR_CELLS = 24;
const REDRAW_MS = 100;
/** What is done sooner needs no display. */
const FIRST_DRAW_MS = 500;
export const CLEAR_LINE = "\r\u001b[K";
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

export class Progress {
  bytes = 0;
  rows = 0;
  readonly #started = performance.now();
  #nextDraw = this.#started + FIRST_DRAW_MS;
  #visible = false;

  /** `stream`: undefined for no display. `total`: bytes, where they are known. */
  constructor(
    private readonly stream: OutputStream | undefined,
    private readonly total: number | undefined,
  ) {}

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** Counts bytes as they pass. */
  async *count(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      yield chunk;
      this.bytes += chunk.length;
    }
  }

  update(): void {
    const now = performance.now();
    if (this.stream === undefined || now < this.#nextDraw) return;
    this.#nextDraw = now + REDRAW_MS;
    this.#visible = true;
    const line = progressLine(this, this.seconds, this.total);
    this.stream.write(CLEAR_LINE + line.slice(0, (this.stream.columns ?? 80) - 1));
  }

  clear(): void {
    if (this.#visible) this.stream?.write(CLEAR_LINE);
    this.#visible = false;
  }
}

export function progressLine(
  done: { bytes: number; rows: number },
  seconds: number,
  total: number | undefined,
): string {
  const rate = `${plural(done.rows, "row")}  ${count(Math.round(done.rows / seconds))} rows/s`;
  if (total === undefined || total === 0) return `${size(done.bytes)}  ${rate}`;
  const part = Math.min(done.bytes / total, 1);
  const left = part === 0 ? "" : `  ${duration((seconds * (1 - part)) / part)} left`;
  return `${bar(part)} ${String(Math.floor(part * 100)).padStart(3)} %  ${rate}${left}`;
}

function bar(part: number): string {
  const eighths = Math.floor(part * BAR_CELLS * 8);
  const full = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  return `▕${full.padEnd(BAR_CELLS)}▏`;
}
