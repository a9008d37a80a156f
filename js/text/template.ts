// A model's own chat template, in Jinja. It comes from whoever made the file, so its time and what it builds are
// bounded; it sees the variables it is given and nothing else.

import {
  Environment,
  Interpreter,
  parse,
  tokenize,
  type Node,
  type Value,
} from "@huggingface/jinja";
import { AndonError, reasonOf } from "../errors.js";

/** Templates of real models have up to 20,000 characters. */
const longestTemplate = 256 * 1024;
/** Real ones take a few milliseconds. */
const mostMs = 2000;
/** Characters of any text on the way, such as the result: more than any context takes. */
const longestText = 4 * 1024 * 1024;
/** Items of a list on the way. */
const longestList = 64 * 1024;

class Bounded extends Interpreter {
  readonly #end = performance.now() + mostMs;

  override evaluate(node: Node | undefined, environment: Environment): Value {
    if (performance.now() > this.#end) throw new Error(`it runs longer than ${mostMs} ms`);
    const value = super.evaluate(node, environment);
    const content = value.value;
    if (typeof content === "string" && content.length > longestText) {
      throw new Error(`a text has more than ${longestText} characters`);
    }
    if (Array.isArray(content) && content.length > longestList) {
      throw new Error(`a list has more than ${longestList} items`);
    }
    return value;
  }
}

/** What is always there, beside the variables of a call. */
const globals: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  raise_exception: (message: unknown) => {
    throw new Error(String(message));
  },
  range,
  strftime_now: (format: unknown) => strftime(String(format), new Date()),
};

/** Errors: TemplateFailed. */
export function renderTemplate(
  template: string,
  variables: Readonly<Record<string, unknown>>,
): string {
  try {
    if (template.length > longestTemplate) {
      throw new Error(`it has more than ${longestTemplate} characters`);
    }
    const program = parse(tokenize(template, { lstrip_blocks: true, trim_blocks: true }));
    const environment = new Environment();
    for (const [name, value] of Object.entries({ ...globals, ...variables })) {
      if (value !== undefined) environment.set(name, value);
    }
    return String(new Bounded(environment).run(program).value);
  } catch (thrown) {
    throw new AndonError("TemplateFailed", `chat template: ${reasonOf(thrown)}`, { cause: thrown });
  }
}

/** As Python's, of bounded length. */
function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const count = Math.ceil((stop - start) / step);
  if (!Number.isFinite(count) || count > longestList) throw new Error("range: too many numbers");
  return Array.from({ length: Math.max(0, count) }, (_, i) => start + i * step);
}

/** As Python's `strftime`, in English and in local time, for what templates use. */
function strftime(format: string, now: Date): string {
  const named = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en", options).format(now);
  const two = (value: number): string => String(value).padStart(2, "0");
  const fields: Record<string, () => string> = {
    a: () => named({ weekday: "short" }),
    A: () => named({ weekday: "long" }),
    b: () => named({ month: "short" }),
    B: () => named({ month: "long" }),
    d: () => two(now.getDate()),
    m: () => two(now.getMonth() + 1),
    y: () => two(now.getFullYear() % 100),
    Y: () => String(now.getFullYear()),
    H: () => two(now.getHours()),
    I: () => two(now.getHours() % 12 || 12),
    M: () => two(now.getMinutes()),
    S: () => two(now.getSeconds()),
    p: () => (now.getHours() < 12 ? "AM" : "PM"),
    "%": () => "%",
  };
  return format.replace(/%(.)/g, (whole, field: string) => fields[field]?.() ?? whole);
}
