// One value as a person or a CSV file writes it, turned into what the model takes.

import type { Feature } from "./andon.js";

export type Value = number | bigint | boolean | null;
export type Parsed = { ok: true; value: Value } | { ok: false; problem: string };

const integer = /^[+-]?\d{1,20}$/;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const truth: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

const good = (value: Value): Parsed => ({ ok: true, value });
const bad = (problem: string): Parsed => ({ ok: false, problem });

function whole(text: string, bits: 32 | 64): Parsed {
  if (!integer.test(text)) return bad("is not a whole number");
  const value = BigInt(text.replace("+", ""));
  if (BigInt.asIntN(bits, value) !== value) return bad(`does not fit in ${bits} bits`);
  return good(Number.isSafeInteger(Number(value)) ? Number(value) : value);
}

function real(text: string, largest: number): Parsed {
  if (!decimal.test(text)) return bad("is not a number");
  const value = Number(text);
  return Math.abs(value) <= largest ? good(value) : bad("is too large");
}

const largestFloat32 = 3.4028234663852886e38;

function parseText(text: string, type: Feature["type"]): Parsed {
  switch (type) {
    case "float32":
      return real(text, largestFloat32);
    case "float64":
      return real(text, Number.MAX_VALUE);
    case "int32":
      return whole(text, 32);
    case "int64":
      return whole(text, 64);
    case "bool": {
      const value = truth.get(text.toLowerCase());
      return value === undefined ? bad("is neither true nor false") : good(value);
    }
    case "string":
      return bad("is text, which no model here takes");
  }
}

/** The problem reads on from the name of the field: "petal_length is not a number". */
export function parseValue(text: string, { type, nullable }: Feature): Parsed {
  const trimmed = text.trim();
  if (trimmed === "") return nullable ? good(null) : bad("needs a value");
  return parseText(trimmed, type);
}
