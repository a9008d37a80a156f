// What may take the place of an installed expert: a newer version, by the same publisher, that all who require it can
// use.

import { AndonError } from "../errors.js";
import type { ErrorCode } from "../generated/error-codes.js";
import type { StoredKey } from "../trust-store.js";
import type { Installed, InstalledExpert } from "./facts.js";
import { isNewer, isWithin, requirementOf } from "./versions.js";

export interface SuccessionTerms {
  /** Keys that handed over to others. */
  keys: readonly StoredKey[];
  /** Whether another publisher may take over. */
  anyPublisher: boolean;
}

/** Errors: ExpertNotNewer, Rollback, Downgrade, PublisherChanged, ExpertRequired. */
export function requireSuccessor(
  next: InstalledExpert,
  held: InstalledExpert,
  installed: Installed,
  { keys, anyPublisher }: SuccessionTerms,
): void {
  const { name } = next;
  if (!isNewer(next.version, held.version)) {
    refuse("ExpertNotNewer", `${name}: ${held.version} is installed, and this is ${next.version}`);
  }
  if (next.releaseCounter < held.releaseCounter) {
    const [is, was] = [next.releaseCounter, held.releaseCounter];
    refuse("Rollback", `${name}: release counter ${is}, and release ${was} is installed`);
  }
  if (held.signer !== null && next.signer === null) {
    refuse("Downgrade", `${name}: it is not signed, and what is installed is`);
  }
  if (!anyPublisher && !isHeirOf(next.publisher, held.publisher, keys)) {
    const [is, was] = [next.publisher ?? "nobody", held.publisher ?? "nobody"];
    refuse("PublisherChanged", `${name}: signed by ${is}, and what is installed by ${was}`);
  }
  for (const { name: other, range } of dependents(name, installed)) {
    if (isWithin(next.version, range)) continue;
    refuse("ExpertRequired", `${name}: ${other} requires ${range}, and this is ${next.version}`);
  }
}

/** Errors: ExpertRequired. */
export function requireNoDependents(name: string, installed: Installed): void {
  const others = dependents(name, installed).map((other) => other.name);
  if (others.length === 0) return;
  refuse("ExpertRequired", `${name}: ${others.join(", ")} would lack it`);
}

/** Who requires an expert, and in which versions. */
function dependents(name: string, installed: Installed): { name: string; range: string }[] {
  return [...installed.values()].flatMap((other) =>
    (other.manifest.constraints?.requires ?? [])
      .map(requirementOf)
      .filter((requirement) => requirement.name === name && other.name !== name)
      .map(({ range }) => ({ name: other.name, range })),
  );
}

/** The same key, or one that it handed over to, perhaps by way of others. What nobody signed anybody may go on with. */
function isHeirOf(next: string | null, held: string | null, keys: readonly StoredKey[]): boolean {
  const seen = new Set<string>();
  let heir = held ?? next;
  while (heir !== null && heir !== next && !seen.has(heir)) {
    seen.add(heir);
    heir = keys.find(({ key }) => key === heir)?.rotatedTo ?? null;
  }
  return heir === next;
}

function refuse(code: ErrorCode, message: string): never {
  throw new AndonError(code, message);
}
