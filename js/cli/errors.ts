// How a failure of the command reads: its own errors, and the exit code of every error.

import { AndonError } from "../index.js";

/** The exit codes, as docs/cli.md promises them. */
export const Exit = {
  ok: 0,
  /** A wrong option, a file that cannot be read or written, a fault of Andon. */
  failed: 1,
  /** The file convicts itself: it is damaged, breaks a rule of its format, or its signature is wrong. */
  rejected: 2,
  /** The file is sound, but your keys, lists, clock or memory speak against it. */
  refused: 3,
  /** The model is fine; a row given to it is not. */
  badRow: 4,
} as const;

/** The codes that only the command has; all others are those of AndonError. */
type OwnCode = "InputUnreadable" | "InputMalformed" | "OutputExists";
type Code = OwnCode | AndonError["code"];

const REFUSED: readonly Code[] = [
  "SignatureMissing",
  "SignerUnknown",
  "ScopeMismatch",
  "Revoked",
  "CertificateExpired",
  "CertificateNotYetValid",
  "RevocationListStale",
  "RevocationListRollback",
  "RotationRepeated",
  "Rollback",
  "Downgrade",
  "ExpertNotNewer",
  "PublisherChanged",
  "ExpertRequired",
  "RequirementMissing",
  "RequirementVersion",
  "RequirementCycle",
  "ExpertConflict",
  "TooManyExperts",
];
const BAD_ROW: readonly Code[] = [
  "InputMalformed",
  "RowLength",
  "FeatureMissing",
  "FeatureUnexpected",
  "FeatureValue",
  "FeatureNull",
];
const FAILED: readonly Code[] = [
  "InputUnreadable",
  "OutputExists",
  "OutputUnwritable",
  "OutOfMemory",
  "Internal",
  "KeyMalformed",
  "KeyNotFound",
  "KindMismatch",
  "NotAClassifier",
  "BaseConfig",
  "SourceUnreadable",
  "SourceChanged",
  "TrustStoreMalformed",
  "TrustStoreUnavailable",
  "ExpertStoreMalformed",
  "ExpertStoreUnavailable",
  "ExpertInstalled",
  "ExpertNotInstalled",
  "ExpertBudget",
  "ExpertInUse",
  "InvalidArgument",
  "ContextFull",
  "InferenceFailed",
  "ModelNotLoaded",
  "SessionForeign",
  "SessionMalformed",
  "TemplateFailed",
  "TemplateMissing",
  "TokenOutOfRange",
  "StartFailed",
  "WorkerFailed",
  "Disposed",
];

const EXIT_BY_CODE: ReadonlyMap<Code, number> = new Map(
  [
    [REFUSED, Exit.refused] as const,
    [BAD_ROW, Exit.badRow] as const,
    [FAILED, Exit.failed] as const,
  ].flatMap(([codes, exit]) => codes.map((code) => [code, exit])),
);

/** Where in the input a row failed. */
export interface Place {
  line: number;
  column?: string;
}

export class CliError extends Error {
  override readonly name = "CliError";

  constructor(
    readonly code: Code,
    message: string,
    readonly place?: Place,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A mistake on the command line; `verb` points to the help that would have prevented it. */
export class UsageError extends CliError {
  constructor(
    message: string,
    readonly verb?: string,
  ) {
    super("InvalidArgument", message);
  }
}

/** Whatever was thrown, in the form that `--json` prints. */
export interface ErrorReport {
  code: string;
  message: string;
  verdict?: AndonError["verdict"];
  line?: number;
  column?: string;
}

export function report(error: unknown): ErrorReport {
  if (error instanceof CliError) {
    return { code: error.code, message: error.message, ...error.place };
  }
  if (error instanceof AndonError) {
    const { code, verdict } = error;
    const message = sourceUnreadable(error) ?? error.message;
    return verdict === undefined ? { code, message } : { code, message, verdict };
  }
  return { code: "Internal", message: error instanceof Error ? error.message : String(error) };
}

/** Codes about the file itself are the many; they mean "rejected". */
export function exitCode(error: unknown): number {
  if (!(error instanceof CliError || error instanceof AndonError)) return Exit.failed;
  return EXIT_BY_CODE.get(error.code) ?? Exit.rejected;
}

/** The reason in an error of the operating system, without its code and path. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const match = /^E[A-Z0-9]+: ([^,]+)/.exec(error.message);
  return match?.[1] ?? error.message;
}

/** What came out of a worker has no cause, and all of it in its message. */
function sourceUnreadable({ code, message, cause }: AndonError): string | undefined {
  if (code !== "SourceUnreadable") return undefined;
  const said = cause instanceof Error ? cause.message : message.replace(/^source: /, "");
  const path = /^E[A-Z0-9]+: .*'(.+)'$/.exec(said)?.[1];
  const what = path === undefined ? "the file" : `'${path}'`;
  return `${what} cannot be read: ${systemReason(new Error(said))}`;
}
