// The chat: what is written is sent, the answer streams in, and can be stopped at once.

import { AndonError, type LanguageModel, type Part } from "../andon.js";
import { button, el } from "../dom.js";
import { passage } from "../foreign.js";
import { plural } from "../format.js";
import { chatPicker, saveChat } from "./chat-files.js";
import { composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { chatLog, type Entry } from "./log.js";
import { modeChoice } from "./modes.js";
import { numbersPanel, type Finish } from "./numbers.js";
import type { Mode } from "./saved-chat.js";
import { settingsForm } from "./settings.js";

const endings: Partial<Record<Finish["reason"], (counts: Finish) => string>> = {
  length: ({ completionTokens }) => `Ended after ${plural(completionTokens, "token")}.`,
  context: () => "The context is full: begin a new one.",
  cancelled: () => "Stopped.",
};

/** Longer answers are announced by their beginning; the rest is there to be read. */
const mostSpoken = 1000;

export class ChatPanel {
  readonly element: HTMLElement;
  readonly #model: LanguageModel;
  readonly #conversation: Conversation;
  readonly #log = chatLog();
  readonly #numbers = numbersPanel();
  readonly #settings = settingsForm();
  readonly #modes;
  readonly #spoken = el("p", { class: "unseen", role: "status" });
  readonly #problem = el("p", { class: "problem", role: "alert" });
  readonly #save = button("Save", () => void this.#download());
  readonly #compose = composer({
    send: (text) => void this.#send(text),
    stop: () => {
      this.#conversation.stop();
    },
  });
  #last: Promise<void> = Promise.resolve();

  constructor(model: LanguageModel) {
    const canChat = model.description.chatTemplate !== null;
    this.#model = model;
    this.#conversation = new Conversation(model, canChat ? "chat" : "text");
    this.#modes = modeChoice(canChat, (mode) => void this.#startAnew(mode));
    this.element = this.#parts();
    this.#showTurns();
    void this.#run(() => Promise.resolve());
  }

  /** A file that is refused leaves everything as it is. */
  async restore(file: Blob): Promise<void> {
    this.#conversation.stop();
    await this.#run(async () => {
      const kept = await this.#conversation.restore(file);
      if (kept) this.#settings.show(kept);
      this.#numbers.clear();
      this.#showTurns();
      this.#log.last()?.end("Restored.", this.#goingOn());
      this.#spoken.textContent = "Restored";
    });
    this.#compose.focus();
  }

  #parts(): HTMLElement {
    const fresh = button("New", () => void this.#startAnew(this.#conversation.mode));
    const picker = chatPicker((file) => void this.restore(file));
    const main = [this.#modes.element, this.#log.element, this.#problem, this.#compose.element];
    const files = el("div", { class: "row" }, fresh, this.#save, ...picker);
    const side = [files, this.#numbers.element, this.#settings.element];
    return el(
      "div",
      { class: "chat-parts" },
      el("div", { class: "chat-main" }, ...main, this.#spoken),
      el("div", { class: "chat-side" }, ...side),
    );
  }

  /** One after the other; what fails is told, and leaves the rest usable. */
  #run(act: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => {
      this.#problem.replaceChildren();
      try {
        await act();
        this.#numbers.extent(await this.#conversation.extent());
        this.#numbers.memory(await this.#model.memory());
      } catch (thrown) {
        this.#refuse(thrown);
      } finally {
        this.#settle(false);
      }
    });
    return this.#last;
  }

  #refuse(thrown: unknown): void {
    if (!(thrown instanceof AndonError)) reportError(thrown);
    else if (thrown.code !== "Disposed")
      // another file was opened meanwhile
      this.#problem.replaceChildren(el("code", {}, thrown.code), " ", passage(thrown.message));
  }

  #settle(isWriting: boolean): void {
    this.#compose.writing(isWriting);
    this.#save.disabled = isWriting || this.#conversation.turns.length === 0;
  }

  async #write(parts: AsyncGenerator<Part>, entry: Entry): Promise<void> {
    this.#settle(true);
    this.#spoken.textContent = "Writing";
    for await (const part of parts) {
      if (part.type === "text") entry.append(part.text);
      else if (part.type === "token") this.#numbers.token();
      else if (part.type === "prompt") this.#numbers.prompt(part.done, part.total);
      else this.#finish(part, entry);
    }
  }

  #finish(counts: Finish, entry: Entry): void {
    const { reason } = counts;
    this.#numbers.finish(counts);
    const more = reason === "length" || reason === "cancelled";
    entry.end(endings[reason]?.(counts), more ? this.#goingOn() : undefined);
    this.#spoken.textContent = this.#conversation.turns.at(-1)?.content.slice(0, mostSpoken) ?? "";
  }

  #goingOn(): { label: string; press: () => void } {
    const press = (): void => {
      void this.#goOn();
      this.#compose.focus(); // the button goes away
    };
    return { label: "Go on", press };
  }

  async #send(text: string): Promise<void> {
    const { turns, mode } = this.#conversation;
    if (text === "" && (turns.length > 0 || mode === "chat")) return this.#goOn();
    const settings = this.#settings.read();
    if (!settings) return;
    this.#compose.fill("");
    await this.#run(async () => {
      this.#log.add({ role: "user", content: text }).end();
      const entry = this.#log.add({ role: "assistant", content: "" });
      try {
        await this.#write(this.#conversation.send(text, settings), entry);
      } catch (thrown) {
        entry.end("Broken off.");
        if (this.#conversation.turns.length === turns.length) this.#takeBack(text);
        throw thrown;
      }
    });
  }

  /** What could not be sent may be changed. */
  #takeBack(text: string): void {
    this.#log.drop(2);
    this.#compose.fill(text);
  }

  async #goOn(): Promise<void> {
    const settings = this.#settings.read();
    const entry = this.#log.last();
    if (!settings || !entry) return;
    await this.#run(() => this.#write(this.#conversation.goOn(settings), entry));
  }

  async #startAnew(mode: Mode): Promise<void> {
    this.#conversation.stop();
    await this.#run(() => {
      this.#conversation.clear(mode);
      this.#numbers.clear();
      this.#showTurns();
      return Promise.resolve();
    });
    this.#compose.focus();
  }

  #showTurns(): void {
    const { mode, turns } = this.#conversation;
    this.#log.clear(mode);
    this.#compose.mode(mode);
    this.#modes.show(mode);
    this.#settings.useSystem(mode === "chat");
    for (const turn of turns) this.#log.add(turn).end();
  }

  async #download(): Promise<void> {
    const settings = this.#settings.read();
    if (!settings) return;
    await this.#run(async () => {
      const file = await this.#conversation.save(settings);
      if (file) saveChat(file, this.#model.description.name);
    });
  }
}
