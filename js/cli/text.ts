// Text for people. Names and provenance come out of files that anyone may have made: everything that
// reaches a terminal goes through `visible` or `toJsonText`.

// Controls (ANSI escapes begin with one), format characters (bidi overrides, zero-width ones), line
// and paragraph separators, and halves of surrogate pairs.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const INVISIBLE_BUT_NEWLINE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const codePoint = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** `text` with every character that could move the cursor or reorder the line written as `\u{...}`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, codePoint);
}

/** The same for whole lines of output. */
export function visibleLines(text: string): string {
  return text.replace(INVISIBLE_BUT_NEWLINE, codePoint);
}

/** JSON that means the same everywhere and is safe to show. */
export function toJsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return text.replace(INVISIBLE_BUT_NEWLINE, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** Longest text that a terminal is given of one value, in UTF-16 units. */
const LONGEST_SHOWN = 160;

/** A text out of a file: visible, and cut where it would flood the terminal. */
export function shown(text: string): string {
  if (text.length <= LONGEST_SHOWN) return visible(text);
  return `${visible(text.slice(0, LONGEST_SHOWN))}… (${count(text.length)} characters)`;
}

export function count(number: number): string {
  return number.toLocaleString("en-US");
}

export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** Bytes in decimal units: "812 B", "1.9 kB", "35.0 MB". */
export function size(bytes: number): string {
  const units = ["kB", "MB", "GB"];
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(1)} ${units[unit] ?? ""}`;
}

/** Seconds as "0.4 s", "12 s", "3:05" or "1:02:03". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (number: number): string => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours === 0
    ? `${minutes}:${pad(whole % 60)}`
    : `${hours}:${pad(minutes)}:${pad(whole % 60)}`;
}

/** Columns padded to equal width, two spaces between; the last column is left as it is. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, Array.from(cell).length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, i) =>
        i === row.length - 1 ? cell : cell + " ".repeat((widths[i] ?? 0) - Array.from(cell).length),
      )
      .join("  "),
  );
}
