// A conversation as the text that its model expects, in parts: what the template says, where "<|im_end|>" is a
// token, and what people say, where it is plain text. Otherwise a message could end its own turn and speak as
// somebody else.

import { AndonError } from "../errors.js";
import type { Message } from "./options.js";
import { renderTemplate } from "./template.js";

export interface TextPart {
  text: string;
  /** Texts of special tokens become these tokens. */
  special: boolean;
}

export interface Conversation {
  template: string;
  messages: readonly Message[];
  /** Further variables of the template. */
  variables: Readonly<Record<string, unknown>>;
  /** Texts of the tokens that have a meaning of their own. */
  controlTexts: readonly string[];
  begin: string;
  end: string;
}

/** Errors: TemplateFailed, InvalidArgument. */
export function conversationParts(conversation: Conversation): TextPart[] {
  const { template, messages, variables, controlTexts, begin, end } = conversation;
  const disguise = new Disguise(controlTexts);
  const rendered = renderTemplate(template, {
    add_generation_prompt: true,
    bos_token: begin,
    eos_token: end,
    ...(disguise.put(variables) as Record<string, unknown>),
    messages: disguise.put(requireMessages(messages)),
  });
  return disguise.take(rendered);
}

/** Errors: InvalidArgument. */
function requireMessages(messages: unknown): readonly Message[] {
  const valid =
    Array.isArray(messages) &&
    messages.length > 0 &&
    messages.every((message: Partial<Message> | null) => typeof message?.role === "string");
  if (valid) return messages as Message[];
  throw new AndonError("InvalidArgument", "messages: not a list of objects that have a role");
}

/** A noncharacter (Unicode, chapter 23.7): it stands in no text that is meant to be exchanged. */
const mark = "\uFDD0";
const disguised = new RegExp(`${mark}(\\d+);`, "g");

/**
 * Stands numbers in for the texts of special tokens while a template works on messages, which it may trim, split
 * or compare. What then looks like a special token is the template's.
 */
class Disguise {
  readonly #texts: readonly string[];
  readonly #special: RegExp | undefined;
  readonly #hidden: RegExp;

  constructor(controlTexts: readonly string[]) {
    const longestFirst = [...controlTexts].sort((a, b) => b.length - a.length);
    this.#texts = [...longestFirst, mark]; // of the mark itself, so that nobody can forge one
    this.#special = longestFirst.length === 0 ? undefined : anyOf(longestFirst);
    this.#hidden = anyOf(this.#texts);
  }

  /** The same value, with every text in it disguised. */
  put(value: unknown): unknown {
    if (typeof value === "string") {
      return value.replace(this.#hidden, (text) => `${mark}${this.#texts.indexOf(text)};`);
    }
    if (Array.isArray(value)) return value.map((item) => this.put(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.put(item)]));
  }

  /** The parts of a text; what was disguised is plain text again. */
  take(text: string): TextPart[] {
    if (!text.includes(mark)) return [{ text, special: true }]; // nothing was
    const parts: TextPart[] = [];
    let end = 0;
    const plain = (to: number): void => {
      const slice = text.slice(end, to);
      if (slice !== "") parts.push({ text: this.#restored(slice), special: false });
    };
    for (const match of this.#special === undefined ? [] : text.matchAll(this.#special)) {
      plain(match.index);
      parts.push({ text: match[0], special: true });
      end = match.index + match[0].length;
    }
    plain(text.length);
    return parts;
  }

  #restored(text: string): string {
    return text.replace(disguised, (_, index: string) => this.#texts[Number(index)] ?? "");
  }
}

function anyOf(texts: readonly string[]): RegExp {
  return new RegExp(
    texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"),
    "g",
  );
}
