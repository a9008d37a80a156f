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

export function accepted(verdict: Verdict): Words {
  if (verdict.trust === "trusted")
    return words(
      "good",
      "Intact, and signed by a key you trust",
      "Every byte matches what its signer sealed. The model is ready below.",
    );
  if (verdict.signature === "valid")
    return words(
      "caution",
      "Intact and signed, by a key you have not vouched for",
      "Every byte matches what its signer sealed, but whose key this is remains for you to find out.",
    );
  return words(
    "caution",
    "Intact, but not signed",
    "Every byte matches the file’s own list of hashes. Who made it, nobody vouches for.",
  );
}

const notStarted: Partial<Record<string, Words>> = {
  UnknownFormat: words(
    "stop",
    "Not a model that Andon reads",
    "The first bytes of the file belong to no format known here, so nothing more of it was read.",
  ),
  SourceUnreadable: words(
    "stop",
    "The file could not be read",
    "It may have been moved, changed or removed since it was chosen.",
  ),
};

export function refused(verdict: Verdict | undefined, { code }: Refusal): Words {
  const start = notStarted[code];
  if (start) return start;
  if (verdict?.signature === "invalid")
    return words(
      "stop",
      "Stopped: the signature does not match",
      "This is not what the signer sealed. Nothing of it was run.",
    );
  if (verdict?.integrity === "corrupt")
    return words(
      "stop",
      "Stopped: the file is damaged or was changed",
      "It does not match its own records. Nothing of it was run.",
    );
  if (verdict && ["revoked", "expired", "rollback"].includes(verdict.trust))
    return words(
      "stop",
      `Stopped: the signature is ${verdict.trust === "rollback" ? "older than one seen before" : verdict.trust}`,
      "It is not to be relied on any more. Nothing of the file was run.",
    );
  if (code === "SignatureMissing" || code === "SignerUnknown")
    return words(
      "stop",
      "Stopped: not signed by the key you require",
      "The file may be perfectly fine, but it is not from whom you asked for. Nothing of it was run.",
    );
  return words(
    "stop",
    "Stopped: the model could not be opened",
    "The reason is below. Nothing of it was run.",
  );
}

export const integrityWords: Record<Verdict["integrity"], string> = {
  ok: "Every byte accounted for",
  corrupt: "Does not match its records",
};
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
