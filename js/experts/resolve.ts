// Which experts go together: what the wanted ones require, what excludes what, how many may be at once, and in which
// order they are loaded. Every reason against is told, not the first one alone.

import { AndonError } from "../errors.js";
import type { ErrorCode } from "../generated/error-codes.js";
import { mostExperts, type ExpertFacts } from "./facts.js";
import { isWithin, requirementOf } from "./versions.js";

export interface Refusal {
  code: ErrorCode;
  message: string;
}

/** `order`: all that is to be loaded, what is required before what requires it. */
export type Resolution =
  | { ok: true; order: readonly string[]; refusals?: undefined }
  | { ok: false; refusals: readonly Refusal[]; order?: undefined };

export type Universe = ReadonlyMap<string, ExpertFacts>;

export function resolveExperts(installed: Universe, wanted: readonly string[]): Resolution {
  const plan = new Plan(installed);
  for (const name of wanted) plan.add(name);
  return plan.resolution();
}

class Plan {
  readonly #installed: Universe;
  readonly #chosen = new Map<string, ExpertFacts>();
  /** By name: those that it requires. */
  readonly #required = new Map<string, string[]>();
  readonly #refusals: Refusal[] = [];

  constructor(installed: Universe) {
    this.#installed = installed;
  }

  /** An expert, and all that it requires. */
  add(wanted: string): void {
    const coming = [{ name: wanted, by: "" }];
    for (let next = coming.pop(); next !== undefined; next = coming.pop()) {
      const { name, by } = next;
      if (this.#chosen.has(name)) continue;
      const expert = this.#installed.get(name);
      if (expert === undefined) {
        this.#refuseMissing(name, by);
        continue;
      }
      this.#chosen.set(name, expert);
      this.#required.set(name, this.#requirementsOf(expert));
      for (const required of this.#required.get(name) ?? []) {
        coming.push({ name: required, by: name });
      }
    }
  }

  resolution(): Resolution {
    this.#refuseCycle();
    this.#refuseConflicts();
    this.#refuseCrowd();
    return this.#refusals.length > 0
      ? { ok: false, refusals: this.#refusals }
      : { ok: true, order: this.#order() };
  }

  /** Those that are installed have to have a version within the range. */
  #requirementsOf({ name, manifest }: ExpertFacts): string[] {
    const names: string[] = [];
    for (const text of manifest.constraints?.requires ?? []) {
      try {
        const requirement = requirementOf(text);
        names.push(requirement.name);
        const { version } = this.#installed.get(requirement.name) ?? {};
        if (version === undefined || isWithin(version, requirement.range)) continue;
        this.#refuse(
          "RequirementVersion",
          `${name}: requires ${text}, and ${version} is installed`,
        );
      } catch (thrown) {
        if (!(thrown instanceof AndonError)) throw thrown;
        this.#refuse("RequirementMalformed", `${name}: ${thrown.message}`);
      }
    }
    return [...new Set(names)];
  }

  #refuseMissing(name: string, by: string): void {
    if (by === "") this.#refuse("ExpertNotInstalled", `${name}: is not installed`);
    else this.#refuse("RequirementMissing", `${by}: requires ${name}, which is not installed`);
  }

  /** The first circle that is found, as the path around it. */
  #refuseCycle(): void {
    const done = new Set<string>();
    const path: string[] = [];
    const around = (name: string): string[] | undefined => {
      if (done.has(name)) return undefined;
      const start = path.indexOf(name);
      if (start >= 0) return [...path.slice(start), name];
      path.push(name);
      for (const required of this.#required.get(name) ?? []) {
        const circle = around(required);
        if (circle !== undefined) return circle;
      }
      path.pop();
      done.add(name);
      return undefined;
    };
    for (const name of this.#chosen.keys()) {
      const circle = around(name);
      if (circle === undefined) continue;
      this.#refuse("RequirementCycle", `requirements in a circle: ${circle.join(" → ")}`);
      return;
    }
  }

  #refuseConflicts(): void {
    const told = new Set<string>();
    for (const [name, { manifest }] of this.#chosen) {
      for (const other of manifest.constraints?.incompatible_with ?? []) {
        const pair = [name, other].sort().join(" ");
        if (!this.#chosen.has(other) || told.has(pair)) continue;
        told.add(pair);
        this.#refuse("ExpertConflict", `${name}: is incompatible with ${other}`);
      }
    }
  }

  #refuseCrowd(): void {
    const count = this.#chosen.size;
    if (count > mostExperts) {
      this.#refuse("TooManyExperts", `${count} experts at once, and the limit is ${mostExperts}`);
    }
    for (const [name, { manifest }] of this.#chosen) {
      const most = Math.min(
        manifest.constraints?.max_chain ?? Infinity,
        manifest.runtime?.max_experts ?? Infinity,
      );
      if (count <= most) continue;
      this.#refuse("TooManyExperts", `${name}: allows ${most} at once, and these are ${count}`);
    }
  }

  #refuse(code: ErrorCode, message: string): void {
    this.#refusals.push({ code, message });
  }

  /** Kahn's algorithm: of those that wait for nothing the lowest `load_order` is next, then the first by name. */
  #order(): string[] {
    const waiting = [...this.#chosen.values()].sort(byLoadOrder);
    const order: string[] = [];
    while (waiting.length > 0) {
      const next = waiting.findIndex(({ name }) =>
        (this.#required.get(name) ?? []).every((required) => order.includes(required)),
      );
      for (const { name } of waiting.splice(next, 1)) order.push(name);
    }
    return order;
  }
}

/** Those that say no order come last. */
function byLoadOrder(a: ExpertFacts, b: ExpertFacts): number {
  const [first, second] = [a, b].map(
    ({ manifest }) => manifest.constraints?.load_order ?? Number.MAX_SAFE_INTEGER,
  ) as [number, number];
  return first - second || (a.name < b.name ? -1 : 1);
}
