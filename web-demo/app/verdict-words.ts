// A verdict, said plainly. Nothing is judged here: these are words for what the package found.

import type { Verdict } from "./andon.js";

export type Tone = "good" | "caution" | "stop";
export interface Words {
  tone: Tone;
  headline: string;
  meaning: string;
}
export interface Refusal {
  code: string;
  message: string;
}

const words = (tone: Tone, headline: string, meaning: string): Words => ({
  tone,
  headline,
  meaning,
});

export type Kind = "model" | "expert" | "language-model";

const ready: Record<Exclude<Kind, "language-model">, string> = {
  model: "The model is ready below.",
  expert: "What is in it is shown below.",
};

/** Files of language models have no signature and no list of their own hashes. */
function acceptedLanguageModel(reading: Reading): Words {
  return reading === "as required"
    ? words(
        "good",
        "It has the SHA-256 that you asked for",
        "It is that file and no other. Such files carry no signature: who made it, you know from where the hash comes.",
      )
    : words(
        "caution",
        "Well-formed, but nobody vouches for it",
        "Such files carry no signature. The SHA-256 below says which file this is; compare it with what its maker publishes.",
      );
}

export function accepted(verdict: Verdict, kind: Kind, reading: Reading): Words {
  if (kind === "language-model") return acceptedLanguageModel(reading);
  if (verdict.trust === "trusted")
    return words(
      "good",
      "Intact, and signed by a key you trust",
      `It is what its signer sealed. ${ready[kind]}`,
    );
  if (verdict.signature === "valid")
    return words(
      "caution",
      "Intact and signed, by a key you have not vouched for",
      "It is what its signer sealed, but whose key this is remains for you to find out.",
    );
  return words(
    "caution",
    "Intact, but not signed",
    "It matches the file’s own list of hashes. Who made it, nobody vouches for.",
  );
}

const notStarted: Partial<Record<string, Words>> = {
  UnknownFormat: words(
    "stop",
    "Not a model that Andon reads",
    "The first bytes of the file belong to no format known here, so nothing more of it was read.",
  ),
  ModelNotLoaded: words(
    "stop",
    "A saved chat, without its model",
    "Open the model that it was written with first, then drop the chat on the page again.",
  ),
  StartFailed: words(
    "stop",
    "What opens such files could not be started",
    "Without a network it is there only if it was used before with one.",
  ),
  SourceUnreadable: words(
    "stop",
    "The file could not be read",
    "It may have been moved, changed or removed since it was chosen.",
  ),
};

const nothingLoaded = "Nothing of it was loaded or run.";

/** Refusals whose code says more than the verdict does. */
const byCode: Partial<Record<string, Words>> = {
  FileHash: words(
    "stop",
    "Stopped: not the file that you asked for",
    `Its SHA-256 is another: it is damaged, was changed, or is a different file. ${nothingLoaded}`,
  ),
  UnsupportedArchitecture: words(
    "stop",
    "A language model that Andon does not run",
    `Its architecture is none that is known here. ${nothingLoaded}`,
  ),
  ModelFiles: words(
    "stop",
    "Stopped: files of the model are missing",
    `All its files are opened together: drop or choose them at once. ${nothingLoaded}`,
  ),
  OutOfMemory: words(
    "stop",
    "Stopped: there is not enough memory for it",
    "A smaller model, or one in a smaller type, may fit. Nothing of it is kept.",
  ),
  CertificateExpired: words(
    "stop",
    "Stopped: the signer’s certificate has expired",
    `What was signed may be as it was, but nobody vouches for it any more. ${nothingLoaded}`,
  ),
  CertificateNotYetValid: words(
    "stop",
    "Stopped: the signer’s certificate does not hold yet",
    `Nobody vouches for the signer at this time. ${nothingLoaded}`,
  ),
  RevocationListStale: words(
    "stop",
    "Stopped: the revocation list is out of date",
    `What was revoked since then is not known. ${nothingLoaded}`,
  ),
  Revoked: words(
    "stop",
    "Stopped: revoked by those who vouched for it",
    `They have withdrawn the file or the right to sign it. ${nothingLoaded}`,
  ),
  Rollback: words(
    "stop",
    "Stopped: older than a release you have accepted",
    `An old release may bring an old fault back. ${nothingLoaded}`,
  ),
  Downgrade: words(
    "stop",
    "Stopped: not signed, though it was before",
    `A signed release of the same name was accepted earlier. ${nothingLoaded}`,
  ),
  ScopeMismatch: words(
    "stop",
    "Stopped: the signer may not sign experts of this name",
    `The signature is genuine, but for other names. ${nothingLoaded}`,
  ),
  SignatureMissing: words(
    "stop",
    "Stopped: not signed by the key you require",
    `The file may be perfectly fine, but it is not from whom you asked for. ${nothingLoaded}`,
  ),
  SignerUnknown: words(
    "stop",
    "Stopped: not signed by the key you require",
    `The file may be perfectly fine, but it is not from whom you asked for. ${nothingLoaded}`,
  ),
};

export function refused(verdict: Verdict | undefined, { code }: Refusal): Words {
  const known = notStarted[code] ?? byCode[code];
  if (known) return known;
  if (verdict?.signature === "invalid")
    return words(
      "stop",
      "Stopped: the signature does not match",
      `This is not what the signer sealed. ${nothingLoaded}`,
    );
  if (code.startsWith("Chain"))
    return words(
      "stop",
      "Stopped: the certificates do not hold",
      `Nobody gave the signer the right to sign this. ${nothingLoaded}`,
    );
  if (verdict?.integrity === "corrupt")
    return words(
      "stop",
      "Stopped: the file is damaged or was changed",
      `It does not match its own records. ${nothingLoaded}`,
    );
  return words(
    "stop",
    "Stopped: the file could not be opened",
    `The reason is below. ${nothingLoaded}`,
  );
}

/** How much was read says how much `ok` means: each piece is checked before it is used. */
export type Reading = "whole" | "in part" | "stopped" | "hashed" | "as required";
const intact: Record<Reading, string> = {
  hashed: "Every byte hashed, compared with nothing",
  "as required": "Every byte hashed, as you asked for",
  whole: "Every byte accounted for",
  "in part": "As far as it was read",
  stopped: "No damage found before it was stopped",
};

export function integrityWords({ integrity }: Verdict, reading: Reading): string {
  return integrity === "ok" ? intact[reading] : "Does not match its records";
}
export const signatureWords: Record<Verdict["signature"], string> = {
  none: "None",
  valid: "Valid",
  invalid: "Does not match",
};
export const trustWords: Record<Verdict["trust"], string> = {
  trusted: "A key you trust",
  unknown: "Not established",
  expired: "Expired",
  revoked: "Revoked",
  rollback: "Older than one seen before",
};
