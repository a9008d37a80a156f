// Certificates, revocation lists and key rotations, made and read by the core.

import type { Core, MainModule, TrustDocument } from "./core.js";
import { requireOk } from "./errors.js";

/** Keys and serials as raw bytes, times in Unix seconds. */
export interface CertificateFields {
  role: string;
  name: string;
  scope: string;
  serial: Uint8Array;
  subject: Uint8Array;
  maxPath: number;
  notBefore: number;
  notAfter: number;
}

export interface RevocationFields {
  kind: string;
  reason: string;
  id: Uint8Array;
  revokedFrom: number;
}

export interface RevocationListFields {
  number: number;
  issued: number;
  expires: number;
  entries: RevocationFields[];
}

/** Errors: CertificateMalformed. */
export function issueCertificate(
  core: Core,
  fields: CertificateFields,
  issuerSeed: Uint8Array,
): Uint8Array {
  return made(core, (module) => module.issueCertificate(fields, issuerSeed));
}

/** Errors: RevocationListMalformed. */
export function issueRevocationList(
  core: Core,
  { number, issued, expires, entries }: RevocationListFields,
  issuerSeed: Uint8Array,
): Uint8Array {
  return made(core, (module) => {
    const draft = new module.RevocationDraft(number, issued, expires);
    try {
      for (const entry of entries) draft.add(entry);
      return draft.issue(issuerSeed);
    } finally {
      draft.delete();
    }
  });
}

/** Errors: RotationMalformed. */
export function rotateKey(
  core: Core,
  fromSeed: Uint8Array,
  toSeed: Uint8Array,
  since: number,
): Uint8Array {
  return made(core, (module) => module.rotateKey(fromSeed, toSeed, since));
}

type ReadName = "readCertificates" | "readRevocationList" | "readKeyRotation";

/** What the document says, as JSON values. Errors: those of its parser. */
export function readDocument(core: Core, read: ReadName, bytes: Uint8Array): unknown {
  return finish(
    core,
    (module) => module[read](bytes),
    (document): unknown => JSON.parse(new TextDecoder().decode(core.bytes(document.description()))),
  );
}

function made(core: Core, make: (module: MainModule) => TrustDocument): Uint8Array {
  return finish(core, make, (document) => core.bytes(document.bytes()).slice());
}

function finish<T>(
  core: Core,
  make: (module: MainModule) => TrustDocument,
  take: (document: TrustDocument) => T,
): T {
  return core.run((module) => {
    const document = make(module);
    try {
      requireOk(document);
      return take(document);
    } finally {
      document.delete();
    }
  });
}
