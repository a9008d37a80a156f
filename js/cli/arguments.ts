// Options and operands of one verb.

import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./errors.js";
import type { Terminal } from "./terminal.js";

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

/** One or more. Throws UsageError. */
export function operandList(
  verb: string,
  given: readonly string[],
  each: string,
): readonly string[] {
  if (given.length > 0) return given;
  throw new UsageError(`${verb}: ${each} is missing`, verb);
}

/** Throws UsageError where there is one. */
export function noOperands(verb: string, given: readonly string[]): void {
  const [extra] = given;
  if (extra === undefined) return;
  throw new UsageError(`${verb}: '${extra}' is one operand too many`, verb);
}

/** The value of an option that has to be there. Throws UsageError. */
export function required(verb: string, option: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new UsageError(`${verb}: ${option} is missing`, verb);
}

/** The value of an option that is one of a few words. Throws UsageError. */
export function oneOf<const Word extends string>(
  verb: string,
  option: string,
  value: string,
  words: readonly Word[],
): Word {
  const word = words.find((each) => each === value);
  if (word !== undefined) return word;
  throw new UsageError(`${verb}: ${option} is one of ${words.join(", ")}, not '${value}'`, verb);
}

/** Throws UsageError. */
export function wholeNumber(
  verb: string,
  option: string,
  value: string,
  least: number,
  most: number,
): number {
  const number = /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  const range = `a whole number from ${least} to ${most}`;
  throw new UsageError(`${verb}: ${option} takes ${range}, not '${value}'`, verb);
}

export type Action = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** A verb of which there are several, told by their second word. Throws UsageError. */
export function subVerbs(verb: string, actions: Readonly<Record<string, Action>>): Action {
  const words = Object.keys(actions).join(", ");
  return ([word, ...rest], terminal) => {
    const action = word !== undefined && Object.hasOwn(actions, word) ? actions[word] : undefined;
    if (action !== undefined) return action(rest, terminal);
    const given = word === undefined ? "" : `, not '${word}'`;
    throw new UsageError(`${verb}: say one of ${words}${given}`, verb);
  };
}

/** Does a person ask for help here? What follows "--" is operands. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}
