import type { ErrorCode } from "./generated/error-codes.js";
import type { Verdict } from "./verdict.js";

export interface AndonErrorOptions {
  verdict?: Verdict | undefined;
  cause?: unknown;
}

/** What everything in this package throws, except for a cancellation: that is the signal's reason. */
export class AndonError extends Error {
  override readonly name = "AndonError";
  readonly code: ErrorCode;
  /** How far verification came, where it had begun. */
  readonly verdict: Verdict | undefined;

  constructor(code: ErrorCode, message: string, options: AndonErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.verdict = options.verdict;
  }
}

/** What a thrown value says, for the message of an error that has it as its cause. */
export function reasonOf(thrown: unknown): string {
  const error = typeof thrown === "object" && thrown !== null && "message" in thrown;
  return String(error ? thrown.message : thrown);
}
