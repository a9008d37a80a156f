import { describe, expect, test } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";

/** See tests/fixtures/expert-metadata-cases.json; the core is held to the same cases. */
interface Case {
  name: string;
  valid: boolean;
  at: string;
  value?: unknown;
  times?: number;
}

const parse = async (path: string | URL): Promise<unknown> =>
  JSON.parse(await readFile(path, "utf8")) as unknown;

const fixture = new URL("../../../tests/fixtures/expert-metadata-cases.json", import.meta.url);
const { sample, cases } = (await parse(fixture)) as { sample: object; cases: Case[] };

// As a user of the package finds it.
const published = createRequire(import.meta.url).resolve(
  "andon/schemas/expert-metadata.schema.json",
);
const isMetadata = new Ajv2020().compile((await parse(published)) as object);

function repeated(value: unknown, times: number): unknown {
  if (typeof value === "string") return value.repeat(times);
  return Array.isArray(value) && times > 1 ? Array<unknown>(times).fill(value[0]) : value;
}

/** The sample with what a case puts into it or takes out. */
function changed({ at, times = 1, ...change }: Case): unknown {
  const value = repeated(change.value, times);
  if (at === "") return value;
  const keys = at.slice(1).split("/");
  const last = keys.pop() ?? "";
  const whole = structuredClone(sample);
  let place = whole as Record<string, unknown>;
  for (const key of keys) place = place[key] as Record<string, unknown>;
  if ("value" in change) place[last] = value;
  else Reflect.deleteProperty(place, last);
  return whole;
}

describe("the JSON Schema of expert metadata", () => {
  test.each(cases)("$name", (change) => {
    expect(isMetadata(changed(change))).toBe(change.valid);
  });
});
