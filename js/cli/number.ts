// Decimal numbers out of bytes, correctly rounded.
//
//   number = [sign] (digits ["." [digits]] / "." digits) [("e" / "E") [sign] digits]
//
// Where the digits make an integer below 2^53 and the power of ten is at most 10^22, both are exact
// doubles and one division or product rounds once (Clinger, "How to Read Floating Point Numbers
// Accurately", 1990). The rare rest goes through the platform's own conversion.

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const UPPER_E = 0x45;
const LOWER_E = 0x65;

const EXACT_POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** No double has a larger exponent; the digits beyond it change nothing. */
const LARGEST_EXPONENT = 100_000;

/** The number in bytes [start, end); NaN when they are anything else. Infinite when it is too large. */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start];
  const negative = sign === MINUS;
  let at = negative || sign === PLUS ? start + 1 : start;
  const first = at;

  let mantissa = 0;
  let digits = 0;
  let fraction = 0;
  for (; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    mantissa = mantissa * 10 + digit;
    digits += 1;
  }
  if (at < end && bytes[at] === POINT) {
    at += 1;
    for (; at < end; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
      fraction += 1;
    }
  }
  if (digits + fraction === 0) return NaN;

  let exponent = -fraction;
  if (at < end) {
    if (bytes[at] !== LOWER_E && bytes[at] !== UPPER_E) return NaN;
    exponent += parseExponent(bytes, at + 1, end);
    if (Number.isNaN(exponent)) return NaN;
  }
  const magnitude = scale(mantissa, exponent) ?? exactly(bytes, first, end);
  return negative ? -magnitude : magnitude;
}

function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start];
  let at = start < end && (sign === MINUS || sign === PLUS) ? start + 1 : start;
  if (at === end) return NaN;
  let exponent = 0;
  for (; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    exponent = Math.min(exponent * 10 + digit, LARGEST_EXPONENT);
  }
  return sign === MINUS ? -exponent : exponent;
}

function scale(mantissa: number, exponent: number): number | undefined {
  if (mantissa > Number.MAX_SAFE_INTEGER) return undefined;
  const power = EXACT_POWERS[Math.abs(exponent)];
  if (power === undefined) return undefined;
  return exponent < 0 ? mantissa / power : mantissa * power;
}

function exactly(bytes: Uint8Array, start: number, end: number): number {
  return Number(String.fromCharCode(...bytes.subarray(start, end)));
}
