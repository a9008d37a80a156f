// The first thing shown of any file: whether it is what it claims to be, and who says so.

import type { LanguageModel, Verdict } from "./andon.js";
import { button, byId, el, focusOn } from "./dom.js";
import { facts, type Fact } from "./facts.js";
import { label, passage } from "./foreign.js";
import { bytes } from "./format.js";
import {
  accepted,
  integrityWords,
  refused,
  signatureWords,
  trustWords,
  type Kind,
  type Reading,
  type Refusal,
  type Words,
} from "./verdict-words.js";

export interface Subject {
  name: string;
  size?: number; // bytes, where known
  note?: string; // what was done to the file before it was opened
}
export interface Actions {
  checkAll?: () => void; // reads every byte of what was read only in part
  tamper?: () => void;
  requireSigner?: (key: string) => void;
  useExperts?: () => void;
}

const marks = { good: "✓", caution: "!", stop: "✕" } as const;

function lamp(tone: Words["tone"]): HTMLElement {
  return el("span", { class: "lamp", "aria-hidden": "true" }, marks[tone]);
}

function signerFact(verdict: Verdict): Fact[] {
  if (verdict.signer === null) return [];
  const key = el("code", { class: "key" }, label(verdict.signer));
  return [
    ["Signer", verdict.signerName ? el("span", {}, label(verdict.signerName), " ", key) : key],
  ];
}

function findings(verdict: Verdict, reading: Reading): HTMLElement {
  return facts([
    ["Integrity", integrityWords(verdict, reading)],
    ["Signature", signatureWords[verdict.signature]],
    ["Trust", trustWords[verdict.trust]],
    ...signerFact(verdict),
  ]);
}

function reasons({ reasons }: Verdict, refusal: Refusal | undefined): HTMLElement[] {
  const told = reasons.filter((reason) => reason !== refusal?.message);
  if (told.length === 0) return [];
  return [el("ul", { class: "reasons" }, ...told.map((reason) => el("li", {}, passage(reason))))];
}

function actions(verdict: Verdict, what: Actions): HTMLElement[] {
  const { checkAll, tamper, requireSigner, useExperts } = what;
  const buttons: HTMLElement[] = [];
  if (useExperts) buttons.push(button("Use experts with it", useExperts));
  if (checkAll) buttons.push(button("Check every byte", checkAll));
  const { signer } = verdict;
  if (requireSigner && signer && verdict.signature === "valid")
    buttons.push(
      button("Require this signer from now on", () => {
        requireSigner(signer);
      }),
    );
  if (tamper) buttons.push(button("Change one byte of a copy", tamper));
  return buttons.length > 0 ? [el("div", { class: "row" }, ...buttons)] : [];
}

function show(subject: Subject, words: Words, details: HTMLElement[]): void {
  const card = byId("verdict", HTMLElement);
  const title = el("h2", { id: "verdict-title", tabindex: "-1" }, words.headline);
  const file = el("p", { class: "quiet" }, label(subject.name));
  if (subject.size !== undefined) file.append(` · ${bytes(subject.size)}`);
  if (subject.note) file.append(` · ${subject.note}`);
  card.dataset["tone"] = words.tone;
  card.replaceChildren(
    lamp(words.tone),
    el("div", { class: "finding" }, title, file, el("p", {}, words.meaning), ...details),
  );
  card.hidden = false;
  focusOn(title);
}

export interface Acceptance {
  kind: Kind;
  reading: Reading;
  notes?: HTMLElement[]; // what else there is to say of its origin
}

export function showAccepted(
  subject: Subject,
  verdict: Verdict,
  { kind, reading, notes = [] }: Acceptance,
  what: Actions,
): void {
  show(subject, accepted(verdict, kind, reading), [
    findings(verdict, reading),
    ...reasons(verdict, undefined),
    ...notes,
    ...actions(verdict, what),
  ]);
}

export function showRefused(
  subject: Subject,
  refusal: Refusal,
  verdict: Verdict | undefined,
): void {
  const why = el(
    "p",
    { class: "why" },
    el("code", { id: "refusal" }, refusal.code),
    " ",
    passage(refusal.message),
  );
  const details = verdict ? [findings(verdict, "stopped"), ...reasons(verdict, refusal)] : [];
  show(subject, refused(verdict, refusal), [why, ...details]);
}

/** Which file it is, where no signer says so: the name of a hash, and its value. */
export const hashOf = ({
  sha256,
  fingerprint,
}: LanguageModel["description"]): readonly [name: string, value: string] =>
  sha256 === null ? ["Fingerprint", fingerprint] : ["SHA-256", sha256];

export function hashNote(description: LanguageModel["description"]): HTMLElement {
  const [name, value] = hashOf(description);
  return facts([[name, el("code", { class: "key" }, label(value))]]);
}

export function hideVerdict(): void {
  byId("verdict", HTMLElement).hidden = true;
}
