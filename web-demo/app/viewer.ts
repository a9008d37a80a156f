// What is open: from a file that comes in to its verdict, and what is in it where it passed.

import { showAbout } from "./about.js";
import {
  AndonError,
  open,
  openLanguageModel,
  type Expert,
  type LanguageModel,
  type Model,
  type Opened,
  type OpenOptions,
  type Verdict,
} from "./andon.js";
import type { Assistant } from "./assistant/assistant.js";
import { joining } from "./assistant/joining.js";
import { shippedTeam, type Team } from "./assistant/shipped.js";
import { batchPanel } from "./batch.js";
import type { ChatPanel } from "./chat/panel.js";
import { byId } from "./dom.js";
import { originNotes } from "./expert/chain.js";
import { hideExpert, showExpert } from "./expert/expert.js";
import { showForm } from "./form.js";
import { showOpening, type Opening } from "./opening.js";
import { flipOneBit } from "./tamper.js";
import { trustControl, type Trust } from "./trust.js";
import type { Value } from "./values.js";
import {
  hashNote,
  hideVerdict,
  showAccepted,
  showRefused,
  type Actions,
  type Subject,
} from "./verdict.js";
import { showWeights } from "./weights.js";

export interface Source extends Subject {
  content: Blob | URL; // of an address only the parts that are needed are read
  files?: Record<string, Blob>; // where a language model is in several, all of them
  hashes?: Blob | URL; // what these must have, as `sha256sum` writes it
  sample?: Value[]; // what the form of a model starts with
}

interface Failure {
  code: string;
  message: string;
  verdict?: Verdict | undefined;
}

interface Reading {
  signal: AbortSignal;
  onProgress: Opening["onProgress"];
}

const modelArea = byId("model", HTMLElement);
const languageArea = byId("language-model", HTMLElement);
const assistantArea = byId("assistant", HTMLElement);

async function contentOf({ content }: Source): Promise<Blob> {
  return content instanceof Blob ? content : (await fetch(content)).blob();
}

async function openSource(source: Source, options: OpenOptions): Promise<Opened> {
  const { content, files, hashes } = source;
  // A SHA-256 is what publishers state, and users compare.
  const all = { ...options, computeSha256: true, ...(hashes && { manifest: hashes }) };
  return files ? openLanguageModel(files, all) : open(content, all);
}

interface Current {
  source: Source;
  /** By another trust, say. */
  reopen: () => Promise<void>;
  opened?: Opened;
  chat?: ChatPanel;
  assistant?: Assistant;
}

class Viewer {
  readonly trust: Trust;
  private readonly batch = batchPanel();
  private current: Current | undefined;
  private attempt = new AbortController();
  private opening: Opening | undefined;

  constructor() {
    this.trust = trustControl(() => {
      void this.current?.reopen();
    });
  }

  async show(source: Source): Promise<void> {
    const current = this.begin(source, () => this.show(source));
    await this.attempting(source, this.attempt, async ({ signal, onProgress }) => {
      const policy = await this.trust.policy();
      const opened = await openSource(source, { ...policy, signal, onProgress });
      this.current = { ...current, opened };
      if (opened.kind === "model") await this.showModel(source, opened);
      else if (opened.kind === "expert")
        await this.showExpert(source, opened, { signal, onProgress });
      else await this.showLanguageModel(source, opened, policy.sha256 !== undefined);
    });
  }

  async showAssistant(team: Team = shippedTeam()): Promise<void> {
    const current = this.begin(team.base, () => this.showAssistant(team));
    await this.attempting(team.base, this.attempt, async (reading) => {
      const { Assistant } = await import("./assistant/assistant.js");
      const assistant = await Assistant.open(team, this.trust, reading);
      this.current = { ...current, assistant };
      await assistant.show();
    });
  }

  /** Whether an assistant is open, and these are its base or experts from now on. */
  async join(files: File[]): Promise<boolean> {
    const assistant = this.current?.assistant;
    const { base, experts = [] } = (assistant && (await joining(files))) ?? {};
    if (!assistant || (!base && experts.length === 0)) return false;
    if (base) await this.showAssistant({ base, experts: [...assistant.team.experts, ...experts] });
    else for (const expert of experts) await assistant.add(expert);
    return true;
  }

  /** Scores a table where a model is open for it. */
  score(table: File): boolean {
    if (this.current?.opened?.kind !== "model") return false;
    this.batch.score(table);
    return true;
  }

  /** Goes on with a saved chat where its model is open; otherwise says what is missing. */
  restore(file: File): void {
    if (this.current?.chat) void this.current.chat.restore(file);
    else
      this.refuse(
        { name: file.name, size: file.size, content: file },
        { code: "ModelNotLoaded", message: "a saved chat holds what was said, not the model" },
      );
  }

  refuse(source: Source, error: Failure, reopen = () => this.show(source)): void {
    this.clear();
    this.current = { source, reopen };
    showRefused(source, error, error.verdict);
  }

  private begin(source: Source, reopen: Current["reopen"]): Current {
    this.clear();
    document.body.classList.add("opened");
    return (this.current = { source, reopen });
  }

  /** Ends what is shown or still being opened, so that at no time two files mix. */
  private clear(): void {
    this.attempt.abort();
    this.attempt = new AbortController();
    this.opening?.done();
    this.current?.opened?.dispose();
    this.current?.assistant?.dispose();
    this.current = undefined;
    this.batch.stop();
    modelArea.hidden = true;
    languageArea.hidden = true;
    languageArea.replaceChildren();
    assistantArea.hidden = true;
    assistantArea.replaceChildren();
    hideExpert();
    hideVerdict();
  }

  /** Runs under the card that tells how far reading is; its button aborts `cancel`. */
  private async attempting(
    source: Source,
    cancel: AbortController,
    run: (reading: Reading) => Promise<void>,
  ): Promise<void> {
    const mine = this.attempt;
    const { reopen } = this.current ?? {};
    const signal = AbortSignal.any([mine.signal, cancel.signal]);
    const opening = (this.opening = showOpening(source.name, cancel));
    try {
      await run({ signal, onProgress: opening.onProgress });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AndonError)) throw error;
      this.refuse(source, error, reopen);
    } finally {
      if (this.attempt === mine) opening.done();
    }
  }

  private async showModel(source: Source, model: Model): Promise<void> {
    const file = await contentOf(source);
    const weights = await model.weights();
    showWeights(model.description, weights);
    showForm(model, source.sample);
    showAbout(model.description);
    this.batch.reset({ file, options: this.trust.plainPolicy() });
    modelArea.hidden = false;
    const actions = { ...this.requireSigner(), ...this.tamper(source) };
    showAccepted(source, model.verdict, { kind: "model", reading: "whole" }, actions);
  }

  /** A file is checked whole before any of it is shown; what lies elsewhere, as it is read. */
  private async showExpert(source: Source, expert: Expert, reading: Reading): Promise<void> {
    const whole = source.content instanceof Blob;
    const verdict = whole ? await expert.verifyIntegrity(reading) : expert.verdict;
    await showExpert(expert, reading.signal, (error) => {
      this.refuse(source, error);
    });
    const all = whole || expert.description.formatVersion.startsWith("1."); // which is read whole
    const check = { checkAll: () => void this.checkAll(source, expert) };
    await this.acceptExpert(source, expert, verdict, all ? {} : check);
  }

  private async acceptExpert(
    source: Source,
    expert: Expert,
    verdict: Verdict,
    check: Actions,
  ): Promise<void> {
    const names = new Map(this.trust.keys().map(({ key, name }) => [key, name || key]));
    const notes = await originNotes(expert, names);
    if (this.current?.opened !== expert) return; // something else was opened meanwhile
    const reading = check.checkAll ? "in part" : "whole";
    const actions = { ...check, ...this.requireSigner(), ...this.tamper(source) };
    showAccepted(source, verdict, { kind: "expert", reading, notes }, actions);
  }

  private async showLanguageModel(
    source: Source,
    model: LanguageModel,
    named: boolean,
  ): Promise<void> {
    const { showLanguageModel } = await import("./chat/chat.js");
    if (this.current?.opened !== model) return; // something else was opened meanwhile
    this.current.chat = showLanguageModel(model);
    const reading = named || source.hashes ? "as required" : "hashed";
    const notes = [hashNote(model.description)];
    const useExperts = (): void => void this.showAssistant({ base: source, experts: [] });
    const actions = { useExperts, ...(named ? this.tamper(source) : {}) };
    showAccepted(source, model.verdict, { kind: "language-model", reading, notes }, actions);
  }

  private async checkAll(source: Source, expert: Expert): Promise<void> {
    await this.attempting(source, new AbortController(), async (reading) => {
      const verdict = await expert.verifyIntegrity(reading);
      await this.acceptExpert(source, expert, verdict, {});
    });
  }

  private requireSigner(): Actions {
    if (this.trust.keys().length > 0) return {};
    return { requireSigner: (key) => void this.trust.require(key) };
  }

  private tamper(source: Source): Actions {
    const { name, note } = source;
    if (note !== undefined) return {}; // it is such a copy already
    const run = async (): Promise<void> => {
      const tampered = await contentOf(source).then(flipOneBit, () => undefined);
      if (!tampered) return this.show(source); // it has become unreadable, which is told then
      const { copy, note } = tampered;
      return this.show({ name, content: copy, size: copy.size, note });
    };
    return { tamper: () => void run() };
  }
}

export const viewer = new Viewer();
