// Numbers, sizes and times as people read them.

const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 });
const extreme = new Intl.NumberFormat("en", {
  notation: "scientific",
  maximumSignificantDigits: 4,
});
const whole = new Intl.NumberFormat("en");
const hundredth = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return formatFor(value).format(value).replaceAll("-", "−").replace("E", "e");
}

function formatFor(value: number): Intl.NumberFormat {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-4)) return extreme;
  return Number.isInteger(value) ? whole : plain;
}

export const count = (value: number): string => whole.format(value);

export const percent = (share: number): string => hundredth.format(share);

export const milliseconds = (ms: number): string =>
  ms < 10
    ? `${ms.toFixed(1)} ms`
    : ms < 1000
      ? `${count(Math.round(ms))} ms`
      : `${(ms / 1000).toFixed(1)} s`;

export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}

export function bytes(size: number): string {
  if (size < 1000) return plural(size, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let value = size;
  let unit = "";
  for (unit of units) {
    value /= 1000;
    if (value < 999.5) break;
  }
  return `${new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value)} ${unit}`;
}

interface Calendar {
  iso: string;
  text: string;
}

function calendar(unixSeconds: number, how: Intl.DateTimeFormatOptions): Calendar | null {
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const format = new Intl.DateTimeFormat("en-GB", { ...how, timeZone: "UTC" });
  return { iso: date.toISOString(), text: format.format(date) };
}

/** Null where the number is no moment that a calendar has. */
export function moment(unixSeconds: number): Calendar | null {
  const found = calendar(unixSeconds, { dateStyle: "long", timeStyle: "short" });
  return found && { ...found, text: `${found.text} UTC` };
}

export const day = (unixSeconds: number): Calendar | null =>
  calendar(unixSeconds, { dateStyle: "long" });
