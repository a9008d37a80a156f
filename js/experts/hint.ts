// router_hint: a Boolean expression over what is asked for.
//
//   expression = conjunction ("OR" conjunction)*
//   conjunction = negation ("AND" negation)*
//   negation = "NOT" negation | "(" expression ")" | fact
//   fact = [name ("=" | ":")] value

import { fold } from "./words.js";

/** Whether a query has a fact, such as "task=text2sql", or the value alone. */
export type Holds = (fact: Fact) => boolean;
export type Hint = (holds: Holds) => boolean;

/** Folded. */
export interface Fact {
  /** Empty: the value under any name. */
  name: string;
  value: string;
}

const token = /\(|\)|[^\s()]+/g;
/** A parser that calls itself goes no deeper. */
const deepest = 64;

/** `undefined`: it is no such expression. */
export function parseHint(text: string, found: (fact: Fact) => void): Hint | undefined {
  const parser = new Parser(text.match(token) ?? [], found);
  const hint = parser.expression(0);
  return parser.isAtEnd ? hint : undefined;
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #found: (fact: Fact) => void;
  #at = 0;

  constructor(tokens: readonly string[], found: (fact: Fact) => void) {
    this.#tokens = tokens;
    this.#found = found;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  expression(depth: number): Hint | undefined {
    return this.#list(
      "OR",
      () => this.#conjunction(depth),
      (parts, holds) => parts.some((part) => part(holds)),
    );
  }

  #conjunction(depth: number): Hint | undefined {
    return this.#list(
      "AND",
      () => this.#negation(depth),
      (parts, holds) => parts.every((part) => part(holds)),
    );
  }

  #list(
    operator: string,
    next: () => Hint | undefined,
    combine: (parts: readonly Hint[], holds: Holds) => boolean,
  ): Hint | undefined {
    const parts: Hint[] = [];
    do {
      const part = next();
      if (part === undefined) return undefined;
      parts.push(part);
    } while (this.#accept(operator));
    return (holds) => combine(parts, holds);
  }

  #negation(depth: number): Hint | undefined {
    if (depth > deepest) return undefined;
    if (this.#accept("NOT")) {
      const negated = this.#negation(depth + 1);
      return negated && ((holds) => !negated(holds));
    }
    if (!this.#accept("(")) return this.#fact();
    const inner = this.expression(depth + 1);
    return this.#accept(")") ? inner : undefined;
  }

  #fact(): Hint | undefined {
    const text = this.#tokens[this.#at];
    if (text === undefined || ["AND", "OR", "NOT", ")"].includes(text)) return undefined;
    this.#at += 1;
    const fact = factOf(fold(text));
    this.#found(fact);
    return (holds) => holds(fact);
  }

  #accept(wanted: string): boolean {
    if (this.#tokens[this.#at] !== wanted) return false;
    this.#at += 1;
    return true;
  }
}

/** "task=text2sql", and a capability's "task:text2sql". */
export function factOf(text: string): Fact {
  const at = text.search(/[=:]/);
  return at < 0
    ? { name: "", value: text }
    : { name: text.slice(0, at), value: text.slice(at + 1) };
}
