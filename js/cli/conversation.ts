// What was said, and the session that has read it. A file of one is a line of JSON, then the session.

import type {
  ChatOptions,
  Generation,
  LanguageModel,
  Message,
  RoutedChat,
  SessionOptions,
  TextSession,
} from "../index.js";
import { CliError } from "./errors.js";
import { readWhole } from "./input.js";
import { saveWhole } from "./output.js";

/** How it is written, whoever answers. */
export type Writing = Omit<ChatOptions & SessionOptions, "experts">;

/** Who answers a conversation, in its session. */
export type Answering = (
  session: TextSession,
  messages: readonly Message[],
  options: Writing,
) => Generation | RoutedChat;

export class Conversation {
  readonly #model: LanguageModel;
  readonly #options: SessionOptions;
  readonly #opening: readonly Message[];
  readonly #answering: Answering;
  #session: TextSession;
  #messages: Message[];

  private constructor(
    model: LanguageModel,
    options: SessionOptions,
    opening: readonly Message[],
    answering: Answering,
    session: TextSession,
  ) {
    this.#model = model;
    this.#options = options;
    this.#opening = opening;
    this.#answering = answering;
    this.#session = session;
    this.#messages = [...opening];
  }

  static async begin(
    model: LanguageModel,
    options: SessionOptions,
    system: string | undefined,
    answering: Answering,
  ): Promise<Conversation> {
    const opening = system === undefined ? [] : [{ role: "system", content: system }];
    return new Conversation(model, options, opening, answering, await model.session(options));
  }

  ask(question: string, options: Writing): Generation | RoutedChat {
    const messages = [...this.#messages, { role: "user", content: question }];
    return this.#answering(this.#session, messages, options);
  }

  keep(question: string, answer: string): void {
    this.#messages.push({ role: "user", content: question });
    this.#messages.push({ role: "assistant", content: answer });
  }

  async reset(): Promise<void> {
    this.#replace(await this.#model.session(this.#options), [...this.#opening]);
  }

  /** Throws OutputUnwritable. */
  async save(path: string): Promise<void> {
    const head = Buffer.from(`${JSON.stringify({ andon: "chat", messages: this.#messages })}\n`);
    await saveWhole(path, Buffer.concat([head, await this.#session.save()]));
  }

  /** Throws InputUnreadable, SessionMalformed, SessionForeign. */
  async load(path: string): Promise<void> {
    const bytes = await readWhole(path);
    const end = bytes.indexOf(0x0a);
    const messages = messagesOf(new TextDecoder().decode(bytes.subarray(0, Math.max(end, 0))));
    const session = await this.#model.restore(bytes.subarray(end + 1));
    this.#replace(session, messages);
  }

  #replace(session: TextSession, messages: Message[]): void {
    this.#session.dispose();
    this.#session = session;
    this.#messages = messages;
  }
}

/** Throws SessionMalformed. */
function messagesOf(head: string): Message[] {
  try {
    const { andon, messages } = JSON.parse(head) as { andon?: unknown; messages?: unknown };
    if (andon === "chat" && Array.isArray(messages) && messages.every(isMessage)) return messages;
  } catch {
    // said below
  }
  throw new CliError("SessionMalformed", "the file is no saved chat");
}

function isMessage(value: unknown): value is Message {
  const { role, content } = (value ?? {}) as Partial<Message>;
  return typeof role === "string" && typeof content === "string";
}
