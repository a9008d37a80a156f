// Certificates for people: who vouches for whom, and for what.

import type { CertificateDescription } from "../index.js";
import { type Facts, labelled } from "./facts.js";
import type { Style } from "./terminal.js";
import { shown } from "./text.js";
import { shownTime } from "./time.js";

const ROLES = { root: "root", ca: "certificate authority", signer: "signer" } as const;

export function certificatesPage(chain: readonly CertificateDescription[], style: Style): string {
  return chain.map((certificate) => block(certificate, style)).join("\n\n");
}

function block(certificate: CertificateDescription, style: Style): string {
  const { name, role, signatureHolds } = certificate;
  const title = `${style.bold(shown(name))}, ${ROLES[role]}`;
  const broken = signatureHolds ? [] : [`  ${style.red("✘ its signature does not hold")}`];
  return [
    title,
    ...broken,
    ...labelled(factsOf(certificate), style).map((line) => `  ${line}`),
  ].join("\n");
}

function factsOf(certificate: CertificateDescription): Facts {
  const { scope, subject, issuer, serial, notBefore, notAfter, maxPath, role } = certificate;
  return [
    ["may sign", role === "signer" ? shown(scope) : undefined],
    ["may vouch for", role === "signer" ? undefined : shown(scope)],
    ["valid", `${shownTime(notBefore)} to ${shownTime(notAfter)}`],
    ["CAs below", role === "signer" ? undefined : String(maxPath)],
    ["key", subject],
    ["issued by", issuer === subject ? "itself" : issuer],
    ["serial", serial],
  ];
}
