// Points in time as callers write them: a Date, or Unix seconds.

import { AndonError } from "./errors.js";

export type Time = Date | number;

/** The last second of the year 9999: the core takes none after it (src/common/limits.h). */
const latest = 253_402_300_799;

/** Whole Unix seconds. Errors: InvalidArgument. */
export function unixSeconds(time: Time, what: string): number {
  const seconds = Math.floor(typeof time === "number" ? time : time.getTime() / 1000);
  if (seconds >= 0 && seconds <= latest) return seconds;
  throw new AndonError(
    "InvalidArgument",
    `${what}: not a time in seconds between the years 1970 and 9999`,
  );
}
