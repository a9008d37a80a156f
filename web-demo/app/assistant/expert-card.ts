// An expert as a card: who signed it, what it is for, and whether it is attached; or why it was refused.

import type { AndonError, InstalledExpert, Verdict } from "../andon.js";
import { el } from "../dom.js";
import { label, passage, short } from "../foreign.js";
import { bytes, milliseconds } from "../format.js";
import { accepted, refused } from "../verdict-words.js";
import type { Admitted, Attachment } from "./experts.js";
import { found, memberCard, quiet } from "./member.js";

export interface ExpertCard {
  element: HTMLElement;
  isAttached(): boolean;
  attached(how: Attachment): void;
  /** `ms`: how long it took, where it was asked for and not to make room. */
  detached(ms?: number): void;
  /** What was asked for could not be done; all is as it was. */
  failed(thrown: AndonError): void;
  /** While something is written nothing is attached or detached by hand. */
  busy(isBusy: boolean): void;
}

function verdictWords({ signature, trust }: Verdict): string {
  if (signature !== "valid") return "Intact, but not signed";
  return trust === "trusted"
    ? "Intact, signed, trusted"
    : "Intact and signed, by a key nobody here knows";
}

function signer({ signature, signer, signerName }: Verdict): HTMLElement[] {
  if (signature !== "valid" || signer === null) return [];
  return [quiet("Signed by ", label(signerName ?? signer, 48))];
}

const titleOf = ({ name, version }: InstalledExpert): (Node | string)[] => [
  label(name, 48),
  " ",
  el("span", { class: "version" }, label(version, 16)),
];

let switches = 0;

function attachSwitch(name: string): { element: HTMLElement; input: HTMLInputElement } {
  const input = el("input", { type: "checkbox", role: "switch", id: `attach-${++switches}` });
  const whose = el("span", { class: "unseen" }, ` ${short(name, 48)}`);
  const words = el("label", { for: input.id }, "Attached", whose);
  return { element: el("span", { class: "attach" }, input, words), input };
}

function timesOf({ expert, bytes: held }: Attachment): string {
  const { readyMs, verifiedMs, cached } = expert.timings;
  const how = cached
    ? "its adapter was still in memory"
    : `verified after ${milliseconds(verifiedMs)}`;
  return `in ${milliseconds(readyMs)}, ${how}; it holds ${bytes(held)}`;
}

export function expertCard(
  { expert, verdict }: Admitted,
  toggle: (attach: boolean) => void,
): ExpertCard {
  const { element: control, input } = attachSwitch(expert.name);
  const state = el("p", { class: "quiet state", role: "status" }, "");
  const problem = el("p", { class: "problem", role: "alert" });
  const foot = el("div", { class: "member-foot" }, control, state);
  const about = expert.manifest.description ?? "";
  input.addEventListener("change", () => {
    toggle(input.checked);
  });
  let isAttached = false;
  const settle = (now: boolean, text: string): void => {
    input.checked = isAttached = now;
    state.textContent = text;
    problem.replaceChildren();
  };
  return {
    element: memberCard({
      title: titleOf(expert),
      tone: accepted(verdict, "expert", "whole").tone,
      lines: [
        found(verdictWords(verdict)),
        ...signer(verdict),
        quiet(passage(about)),
        foot,
        problem,
      ],
    }),
    isAttached: () => isAttached,
    attached(how) {
      settle(true, timesOf(how));
    },
    detached(ms) {
      if (ms !== undefined) settle(false, `detached in ${milliseconds(ms)}`);
      else if (isAttached) settle(false, "detached to make room");
    },
    failed({ code, message }) {
      input.checked = isAttached;
      problem.replaceChildren(el("code", {}, code), " ", passage(message));
    },
    busy(isBusy) {
      input.disabled = isBusy;
    },
  };
}

/** A package that was stopped: nothing of it is kept. */
export function refusedCard(name: string, error: AndonError): HTMLElement {
  const why = el("p", { class: "why" }, el("code", {}, error.code), " ", passage(error.message));
  const { headline } = refused(error.verdict, error);
  return memberCard({
    title: [label(name, 48)],
    tone: "stop",
    lines: [found(headline), why],
  });
}
