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

/** Throws what the core refused, unless it did not. */
export function requireOk(outcome: { code(): string; message(): string }, verdict?: Verdict): void {
  const code = outcome.code();
  if (code !== "Ok") throw new AndonError(code as ErrorCode, outcome.message(), { verdict });
}

export function outOfMemory(cause?: unknown): AndonError {
  return new AndonError("OutOfMemory", "core: the memory that this needs is not available", {
    cause,
  });
}
