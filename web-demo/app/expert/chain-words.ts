// A chain of certificates, told from the top: who vouches for whom, for what, and until when.
// Whether any of it counts, the verdict says.

import type { CertificateDescription } from "../andon.js";

export interface Link {
  name: string; // of whoever is vouched for
  key: string; // base64
  role: CertificateDescription["role"];
  scope: string; // names of experts, as a glob
  notBefore: number; // Unix seconds
  notAfter: number;
  by: string; // who vouches: a name, or the key where the file gives no name
  self: boolean; // for itself
}

/** `leafFirst` as files have it; a name that `callerNames` gives a key goes before the file's. */
export function chainLinks(
  leafFirst: readonly CertificateDescription[],
  callerNames: ReadonlyMap<string, string>,
): Link[] {
  const names = new Map([
    ...leafFirst.map(({ subject, name }): [string, string] => [subject, name]),
    ...callerNames,
  ]);
  return [...leafFirst].reverse().map(({ name, subject, issuer, ...rest }) => ({
    name,
    key: subject,
    role: rest.role,
    scope: rest.scope,
    notBefore: rest.notBefore,
    notAfter: rest.notAfter,
    by: names.get(issuer) ?? issuer,
    self: issuer === subject,
  }));
}

const mays: Record<Link["role"], string> = {
  root: "may name others who sign",
  ca: "may name others who sign",
  signer: "may sign",
};

export function permission({ role, scope }: Link): [does: string, experts: string] {
  return [mays[role], scope === "*" ? "any expert" : scope];
}
