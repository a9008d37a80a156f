// The description that `andon pack` takes. Its form is judged by the core; here it has to be an object.

import { randomUUID } from "node:crypto";
import type { PackDescription } from "../index.js";
import { CliError } from "./errors.js";
import { readWhole } from "./input.js";

/** A model without an id gets one. Throws InputUnreadable, DescriptionMalformed. */
export async function readDescription(path: string): Promise<PackDescription> {
  const given = parseObject(path, await readWhole(path));
  requireExactSeed(given);
  return { ...given, model_id: given.model_id ?? randomUUID() };
}

type Given = Omit<PackDescription, "model_id"> & { model_id?: string };

function parseObject(path: string, bytes: Uint8Array): Given {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed(`'${path}' is not JSON in UTF-8`, cause);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Given;
  throw malformed(`'${path}' is not a JSON object`);
}

/** A seed has 64 bits, a number of JavaScript 53: beyond that it would be packed as another one. */
function requireExactSeed({ provenance }: Given): void {
  const seed = provenance?.random_seed;
  if (!Number.isInteger(seed) || Number.isSafeInteger(seed)) return;
  throw malformed("provenance.random_seed: an integer above 2^53 has to be written as text");
}

function malformed(message: string, cause?: unknown): CliError {
  return new CliError("DescriptionMalformed", message, undefined, { cause });
}
