// What is known of an expert where one is chosen, or several are put together: claims of its manifest.

import type { ExpertManifest } from "../expert-description.js";
import type { RouterSection } from "./router-section.js";

/** How many experts Andon attaches at once. */
export const mostExperts = 10;

export type ExpertClaims = Pick<
  ExpertManifest,
  | "description"
  | "license"
  | "tags"
  | "capabilities"
  | "base_model"
  | "routing"
  | "constraints"
  | "runtime"
>;

export interface ExpertFacts {
  name: string;
  /** A semantic version. */
  version: string;
  manifest: ExpertClaims;
  /** Its ROUTER section, where it has one of the documented form. */
  router?: RouterSection;
}

/** An expert of a store, as it was when it was installed. */
export interface InstalledExpert extends ExpertFacts {
  releaseCounter: number;
  /** Hexadecimal, of the package. */
  sha256: string;
  /** Of the package. */
  bytes: number;
  /** Of its adapter, as the package has it when it is expanded. */
  adapterBytes: number;
  /** Base64 of the key that signed it; `null`: it is not signed. */
  signer: string | null;
  /** Base64 of the key at the top of its certificates, which is the signer's own where nobody vouches for it. */
  publisher: string | null;
  /** Unix seconds. */
  installed: number;
}

/** By their names. */
export type Installed = ReadonlyMap<string, InstalledExpert>;

/** Of an expert that says nothing. */
export const middlePriority = 0.5;

export function priorityOf({ routing }: ExpertClaims): number {
  return routing?.priority ?? middlePriority;
}

export function claimsOf(manifest: ExpertManifest): ExpertClaims {
  const { description, license, tags, capabilities, base_model, routing, constraints, runtime } =
    manifest;
  const claims = {
    ...{ description, license, tags, capabilities },
    ...{ base_model, routing, constraints, runtime },
  };
  const said = Object.entries(claims).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said);
}
