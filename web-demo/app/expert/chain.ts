// Who vouches for whom, from the key that the caller may know down to the file.

import { readCertificates, type CertificateDescription, type Expert } from "../andon.js";
import { el } from "../dom.js";
import { label, passage, short } from "../foreign.js";
import { day } from "../format.js";
import { chainLinks, permission, type Link } from "./chain-words.js";

function date(unixSeconds: number): Node | string {
  const when = day(unixSeconds);
  return when ? el("time", { datetime: when.iso }, when.text) : String(unixSeconds);
}

function item(link: Link): HTMLElement {
  const [does, experts] = permission(link);
  const by = link.self ? ["Vouches for itself"] : ["Vouched for by ", label(link.by, 48)];
  const what = experts === "any expert" ? experts : el("code", {}, label(experts, 128));
  return el(
    "li",
    {},
    el("strong", {}, label(link.name, 128)),
    " ",
    el("code", { class: "key" }, short(link.key, 12)),
    el("p", { class: "quiet" }, ...by, `: ${does} `, what),
    el("p", { class: "quiet" }, "from ", date(link.notBefore), " to ", date(link.notAfter)),
  );
}

async function certificatesOf(expert: Expert): Promise<CertificateDescription[]> {
  const section = expert.sections.find(({ type }) => type === "signing-cert");
  return section ? readCertificates(await expert.section(section.id)) : [];
}

/** How far a signature of version 1 reaches at best; the verdict says what this one leaves out. */
function bareKey({ description, verdict }: Expert): string[] {
  if (!description.formatVersion.startsWith("1.") || verdict.signature === "none") return [];
  return [
    "A signature of version 1 comes with a bare key: no certificate says whose it is, for which " +
      "names it may sign, or until when.",
  ];
}

/** What there is to say of its origin beside the verdict; `callerNames` are by key. */
export async function originNotes(
  expert: Expert,
  callerNames: ReadonlyMap<string, string>,
): Promise<HTMLElement[]> {
  const links = chainLinks(await certificatesOf(expert), callerNames);
  const { warnings } = expert.description;
  const notes = [...warnings, ...bareKey(expert)].map((note) =>
    el("p", { class: "warning" }, passage(note, 400)),
  );
  if (links.length === 0) return notes;
  const list = el("ol", { role: "list", class: "chain" }, ...links.map(item));
  return [...notes, el("h3", {}, "Who vouches for the signer"), list];
}
