// Options and operands of one verb.

import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./errors.js";

type Options = NonNullable<ParseArgsConfig["options"]>;

type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/** Throws UsageError. */
export function parseVerb<const T extends Options>(
  verb: string,
  args: readonly string[],
  options: T,
): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${verb}: ${reworded(error)}`, verb);
  }
}

/** The first sentence of what parseArgs says; the rest advises on its own interface. */
function reworded(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [sentence = message] = message.split(/\. |\n/);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, "");
}

/** One operand, and where `most` is 2 perhaps a second. Throws UsageError. */
export function operands(
  verb: string,
  given: readonly string[],
  first: string,
  most: 1 | 2 = 1,
): [string, string | undefined] {
  const [one, two] = given;
  if (one === undefined) throw new UsageError(`${verb}: ${first} is missing`, verb);
  const extra = given[most];
  if (extra === undefined) return [one, two];
  throw new UsageError(`${verb}: '${extra}' is one operand too many`, verb);
}

/** Does a person ask for help here? What follows "--" is operands. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}
