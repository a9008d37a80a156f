// Semantic versions (2.0.0) and ranges of them, as npm has them. The only file that knows the library, which is
// loaded when versions are first compared.

import gt from "semver/functions/gt.js";
import satisfies from "semver/functions/satisfies.js";
import valid from "semver/functions/valid.js";
import validRange from "semver/ranges/valid.js";
import { AndonError } from "../errors.js";

/** "expert-sql@^1.2.0": an expert, in any version where no range is said. */
export interface Requirement {
  name: string;
  range: string;
}

/** Errors: RequirementMalformed. */
export function requirementOf(text: string): Requirement {
  const at = text.indexOf("@");
  const name = at < 0 ? text : text.slice(0, at);
  const range = at < 0 ? "*" : text.slice(at + 1).trim();
  if (name !== "" && range !== "" && validRange(range) !== null) return { name, range };
  throw new AndonError("RequirementMalformed", `requirement: '${text}' is no name@range`);
}

export function isWithin(version: string, range: string): boolean {
  return satisfies(version, range);
}

/** By precedence, in which build metadata has no say. */
export function isNewer(version: string, than: string): boolean {
  return gt(version, than);
}

export function isVersion(text: string): boolean {
  return valid(text) !== null;
}
