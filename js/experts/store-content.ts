// What the list of a store holds, as text and as values; docs/EXPERTS_MANAGER.md has its form.

import { AndonError } from "../errors.js";
import { isCount, isName, isText, jsonOf, objectOf, unique, type Rules } from "../stored-json.js";
import type { InstalledExpert } from "./facts.js";
import { isRouterSection } from "./router-section.js";

export interface StoredExpert {
  /** The name of its package in the store. */
  file: string;
  expert: InstalledExpert;
}

const format = "andon-experts";
const version = 1;

/** Errors: ExpertStoreMalformed. */
export function parseExperts(text: string | undefined): StoredExpert[] {
  if (text === undefined) return [];
  const whole = objectOf(jsonOf(text, malformed), "the whole", malformed, {
    format: (value) => value === format,
    version: (value) => value === version,
    experts: Array.isArray,
  }) as { experts: unknown[] };
  return unique(whole.experts.map(storedOf), "experts", malformed, ({ expert }) => expert.name);
}

/** Sorted by name. */
export function expertsText(experts: readonly StoredExpert[]): string {
  const sorted = [...experts].sort((a, b) => (a.expert.name < b.expert.name ? -1 : 1));
  return `${JSON.stringify({ format, version, experts: sorted }, undefined, 2)}\n`;
}

function storedOf(value: unknown): StoredExpert {
  return objectOf(value, "experts", malformed, {
    // It becomes part of a path.
    file: (name) => isText(name) && /^[0-9a-f]{32}\.expert$/.test(name),
    expert: isExpert,
  }) as StoredExpert;
}

/** Throws ExpertStoreMalformed where it is none. */
function isExpert(value: unknown): boolean {
  const rules: Rules = {
    ...{ name: isName, version: isName, releaseCounter: isCount, bytes: isCount },
    ...{ adapterBytes: isCount, installed: isCount, signer: isTextOrNull, publisher: isTextOrNull },
    sha256: (hex) => isText(hex) && /^[0-9a-f]{64}$/.test(hex),
    manifest: isManifest,
  };
  objectOf(value, "an expert", malformed, rules, { router: isRouterSection });
  return true;
}

const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isPriority = (value: unknown): boolean =>
  typeof value === "number" && value >= 0 && value <= 1;

/** A rule for an object: what of it is used here has its form. */
const having =
  (rules: Rules) =>
  (value: unknown): boolean =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(rules).every(([name, rule]) => {
      const member = (value as Record<string, unknown>)[name];
      return member === undefined || rule(member);
    });

const isManifest = having({
  ...{ description: isText, license: isText, tags: isTexts, capabilities: isTexts },
  base_model: having({ name: isText }),
  routing: having({
    ...{ keywords: isTexts, exclude_keywords: isTexts },
    ...{ router_hint: isText, priority: isPriority },
  }),
  constraints: having({
    ...{ requires: isTexts, incompatible_with: isTexts },
    ...{ max_chain: isCount, load_order: isCount },
  }),
  runtime: having({ max_experts: isCount }),
});

function malformed(how: string, cause?: unknown): AndonError {
  return new AndonError("ExpertStoreMalformed", `store of experts: ${how}`, { cause });
}
