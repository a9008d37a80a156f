// Which packages a store takes in: verified whole, and where they replace one, a successor of it.

import { readCertificates } from "../certificates.js";
import { AndonError } from "../errors.js";
import type { Expert } from "../expert.js";
import { open, type OpenOptions } from "../open.js";
import { openSource, sourceError, type ModelSource } from "../source.js";
import type { TrustOptions } from "../trust.js";
import type { Verdict } from "../verdict.js";
import { claimsOf, type ExpertFacts, type InstalledExpert } from "./facts.js";
import { parseRouterSection } from "./router-section.js";
import { sha256Hex } from "./store.js";

/** A store hands out whole packages, to be verified in the memory of the model that uses them. */
export const mostPackageBytes = 1 << 30;

export interface AdmissionOptions extends Pick<OpenOptions, "signal" | "onProgress"> {
  trust: TrustOptions;
}

export interface Admitted {
  bytes: Uint8Array;
  expert: InstalledExpert;
}

/**
 * Reads a package once, and verifies what was read: head, signature, trust, every byte and every section.
 *
 * Errors: those of `open` and `verifyIntegrity`, FileTooLarge, ModelVersionInvalid, RequirementMalformed.
 */
export async function admit(source: ModelSource, options: AdmissionOptions): Promise<Admitted> {
  const bytes = await readPackage(source, options);
  const installed = await verified(bytes, options, (expert) => installedOf(expert, bytes));
  return { bytes, expert: installed };
}

/** Verifies every byte of a package by today's trust. Errors: those of `open` and `verifyIntegrity`. */
export function verifyPackage(bytes: Uint8Array, options: AdmissionOptions): Promise<Verdict> {
  return verified(bytes, options, (_, verdict) => verdict);
}

async function verified<T>(
  bytes: Uint8Array,
  { trust, signal, onProgress }: AdmissionOptions,
  use: (expert: Expert, verdict: Verdict) => T | Promise<T>,
): Promise<T> {
  const aborting = signal === undefined ? {} : { signal };
  const expert = await open(bytes, { ...trust, ...aborting, kind: "expert" });
  try {
    const telling = onProgress === undefined ? {} : { onProgress };
    return await use(expert, await expert.verifyIntegrity({ ...aborting, ...telling }));
  } finally {
    expert.dispose();
  }
}

/** Errors: SourceUnreadable, FileTooLarge, or the reason of `signal`. */
async function readPackage(
  from: ModelSource,
  { signal = new AbortController().signal }: AdmissionOptions,
): Promise<Uint8Array> {
  try {
    const source = await openSource(from, signal);
    try {
      const pieces: Uint8Array[] = [];
      let length = 0;
      for (let piece = await source.next(); piece !== undefined; piece = await source.next()) {
        signal.throwIfAborted();
        length += piece.length;
        requireRoom(length);
        pieces.push(Uint8Array.from(piece));
      }
      return joined(pieces, length);
    } finally {
      source.close().catch(() => undefined);
    }
  } catch (thrown) {
    throw sourceError(thrown, signal);
  }
}

function requireRoom(length: number): void {
  if (length <= mostPackageBytes) return;
  throw new AndonError("FileTooLarge", `expert: it has more than ${mostPackageBytes} bytes`);
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

async function installedOf(expert: Expert, bytes: Uint8Array): Promise<InstalledExpert> {
  const { version, description, verdict } = expert;
  const { isVersion, requirementOf } = await import("./versions.js");
  if (!isVersion(version)) {
    throw new AndonError("ModelVersionInvalid", `expert: '${version}' is no semantic version`);
  }
  for (const text of expert.manifest.constraints?.requires ?? []) requirementOf(text);
  return {
    ...(await expertFacts(expert)),
    releaseCounter: description.releaseCounter,
    sha256: await sha256Hex(bytes),
    bytes: bytes.length,
    adapterBytes: expert.sections
      .filter(({ type }) => type === "params")
      .reduce((sum, { rawLength }) => sum + rawLength, 0),
    signer: verdict.signature === "valid" ? verdict.signer : null,
    publisher: verdict.signature === "valid" ? await publisherOf(expert) : null,
    installed: Math.floor(Date.now() / 1000),
  };
}

/** What a router knows of an open expert. Errors: those of a section that is damaged. */
export async function expertFacts(expert: Expert): Promise<ExpertFacts> {
  const { name, version, manifest } = expert;
  const section = await expert.text("router");
  const router = section === undefined ? undefined : parseRouterSection(section);
  const facts = { name, version, manifest: claimsOf(manifest) };
  return router === undefined ? facts : { ...facts, router };
}

/** Who vouches for the signer; version 1 has no certificates. */
async function publisherOf(expert: Expert): Promise<string | null> {
  const section = expert.sections.find(({ type }) => type === "signing-cert");
  if (section === undefined) return expert.verdict.signer;
  const chain = await readCertificates(await expert.section(section.id));
  return chain.at(-1)?.issuer ?? expert.verdict.signer;
}
