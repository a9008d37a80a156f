// What was said, and the session in which the model reads and writes it.

import type { Generation, LanguageModel, Part, TextSession } from "../andon.js";
import { packChat, unpackChat, type Mode, type Turn } from "./saved-chat.js";
import type { Settings } from "./settings.js";

interface Sampling {
  temperature: number;
  topP: number;
  topK: number;
  maxTokens: number;
  seed?: number;
}

function samplingOf({ temperature, topP, topK, maxTokens, seed }: Settings): Sampling {
  return { temperature, topP, topK, maxTokens, ...(seed === undefined ? {} : { seed }) };
}

export class Conversation {
  mode: Mode;
  turns: Turn[] = [];
  readonly #model: LanguageModel;
  #session: TextSession | undefined;
  #writing: Generation | undefined;
  #stopped = false;

  constructor(model: LanguageModel, mode: Mode) {
    this.#model = model;
    this.mode = mode;
  }

  /** Says something, and lets the model answer; what fails before the answer was not said. */
  async *send(text: string, settings: Settings): AsyncGenerator<Part> {
    this.#stopped = false;
    const session = (this.#session ??= await this.#model.session());
    const asked: Turn = { role: "user", content: text };
    const answer: Turn = { role: "assistant", content: "" };
    const sampling = samplingOf(settings);
    const told = [...this.turns, asked];
    const generation =
      this.mode === "chat"
        ? session.chat([...systemTurn(settings), ...told], sampling)
        : session.generate(text, sampling);
    this.turns = [...told, answer];
    try {
      yield* this.#follow(generation, answer);
    } catch (thrown) {
      if (answer.content === "")
        this.turns = this.turns.filter((turn) => turn !== asked && turn !== answer);
      throw thrown;
    }
  }

  /** Goes on where the model stopped: the same text comes as if it had not. */
  async *goOn(settings: Settings): AsyncGenerator<Part> {
    this.#stopped = false;
    const answer = this.turns.at(-1);
    if (this.#session === undefined || answer?.role !== "assistant") return;
    const sampling = { ...samplingOf(settings), resume: true };
    yield* this.#follow(this.#session.generate(new Uint32Array(), sampling), answer);
  }

  /** Ends what is being written with what there is. */
  stop(): void {
    this.#stopped = true; // also what has not begun yet
    this.#writing?.stop();
  }

  /** Tokens in the text, and how many it may have. */
  async extent(): Promise<{ length: number; context: number } | undefined> {
    if (this.#session === undefined) return undefined;
    return { length: await this.#session.length(), context: this.#session.context };
  }

  clear(mode = this.mode): void {
    this.#session?.dispose();
    this.#session = undefined;
    this.turns = [];
    this.mode = mode;
  }

  async save(settings: Settings): Promise<Blob | undefined> {
    if (this.#session === undefined) return undefined;
    const session = Uint8Array.from(await this.#session.save());
    return packChat({ mode: this.mode, turns: this.turns, settings }, session);
  }

  /**
   * Leaves everything as it is where the file is refused. The settings that it holds; none for a session alone.
   * Errors: SessionMalformed, SessionForeign, OutOfMemory.
   */
  async restore(file: Blob): Promise<Settings | undefined> {
    const { chat, session } = await unpackChat(file);
    const restored = await this.#model.restore(session);
    const turns = chat?.turns ?? (await this.#told(restored));
    this.clear(chat?.mode ?? "text");
    this.#session = restored;
    this.turns = turns;
    return chat?.settings;
  }

  async *#follow(generation: Generation, answer: Turn): AsyncGenerator<Part> {
    this.#writing = generation;
    if (this.#stopped) generation.stop();
    try {
      for await (const part of generation) {
        if (part.type === "text") answer.content += part.text;
        yield part;
      }
    } finally {
      this.#writing = undefined;
    }
  }

  async #told(session: TextSession): Promise<Turn[]> {
    const content = await this.#model.decode(await session.tokens(), { special: true });
    return [{ role: "assistant", content }];
  }
}

function systemTurn({ system }: Settings): { role: string; content: string }[] {
  return system.trim() === "" ? [] : [{ role: "system", content: system }];
}
