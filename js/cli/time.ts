// Points in time on the command line and on the page: ISO 8601 or Unix seconds in, ISO 8601 out.

import { UsageError } from "./errors.js";

// A date alone is its first second in UTC; a time without an offset would be another one elsewhere.
const ISO_8601 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;
const UNIX_SECONDS = /^\d{1,15}$/;

export const DAY_SECONDS = 86_400;

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Unix seconds. Throws UsageError. */
export function parseTime(option: string, text: string, verb: string): number {
  const seconds = UNIX_SECONDS.test(text)
    ? Number(text)
    : ISO_8601.test(text)
      ? Math.floor(Date.parse(text) / 1000)
      : NaN;
  if (seconds >= 0) return seconds;
  const form = "ISO 8601 with an offset, such as 2027-01-31T12:00:00Z, or Unix seconds";
  throw new UsageError(`${verb}: ${option} takes a time in ${form}, not '${text}'`, verb);
}

/** Unix seconds for a person; as they are where the calendar ends. */
export function shownTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  if (Number.isNaN(time.getTime())) return `${seconds} s since 1970`;
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
