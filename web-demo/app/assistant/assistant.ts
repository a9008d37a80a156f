// One base and its experts, each with its verdict; a question goes to the expert that it is for. Loaded when it is
// first opened.

import {
  AndonError,
  openLanguageModel,
  type LanguageModel,
  type OpenOptions,
  type TrustOptions,
} from "../andon.js";
import { button, byId, el, focusOn } from "../dom.js";
import type { Trust } from "../trust.js";
import { Dialogue } from "./dialogue.js";
import { expertCard, refusedCard, type ExpertCard } from "./expert-card.js";
import { Experts } from "./experts.js";
import { baseCard } from "./member.js";
import { trustOf, wholeOf, type ExpertFile, type Team } from "./shipped.js";

const about =
  "One base stays in memory; experts are verified, then attached to it in milliseconds. A question goes to the expert that it is for. Files that you drop or choose join: .expert packages as experts, a .gguf as another base.";

type Reading = Pick<OpenOptions, "signal" | "onProgress">;

export class Assistant {
  readonly team: Team;
  readonly #model: LanguageModel;
  readonly #experts: Experts;
  readonly #dialogue: Dialogue;
  readonly #members: HTMLElement;
  readonly #cards = new Map<string, ExpertCard>();
  readonly #ended = new AbortController();

  private constructor(team: Team, model: LanguageModel, trust: TrustOptions) {
    this.team = team;
    this.#model = model;
    this.#experts = new Experts(model, trust);
    this.#members = el("ul", { role: "list", class: "members" });
    this.#members.append(baseCard(model, team.base.hashes !== undefined));
    this.#dialogue = new Dialogue(model, this.#experts, {
      writing: (isWriting) => {
        for (const card of this.#cards.values()) card.busy(isWriting);
      },
      settle: () => this.#settle(),
    });
  }

  /** Errors: those of `openLanguageModel`, SourceUnreadable; of experts none, their cards say why they were refused. */
  static async open(team: Team, page: Trust, reading: Reading): Promise<Assistant> {
    const { name, content, files, hashes } = team.base;
    const trust = await trustOf(page);
    const options = { ...(await page.policy()), ...reading };
    const stated = hashes === undefined ? options : { ...options, manifest: hashes };
    const model = await openLanguageModel(files ?? { [name]: await wholeOf(content) }, stated);
    return new Assistant(team, model, trust);
  }

  async show(): Promise<void> {
    const title = el("h2", { id: "assistant-title", tabindex: "-1" }, "Assistant");
    const add = button("Add files", () => {
      byId("model-file", HTMLInputElement).click();
    });
    const head = el("div", { class: "row spread" }, title, add);
    const words = el("p", { class: "quiet about-text" }, about);
    const area = byId("assistant", HTMLElement);
    area.replaceChildren(head, words, this.#members, this.#dialogue.element);
    area.hidden = false;
    focusOn(title);
    for (const file of this.team.experts) await this.#admit(file);
  }

  async add(file: ExpertFile): Promise<void> {
    this.team.experts.push(file);
    await this.#admit(file);
  }

  dispose(): void {
    this.#ended.abort();
    this.#dialogue.stop();
    this.#model.dispose();
  }

  async #admit(file: ExpertFile): Promise<void> {
    const { signal } = this.#ended;
    try {
      const admitted = await this.#experts.admit(file, signal);
      const { name } = admitted.expert;
      const card = expertCard(admitted, (attach) => void this.#toggle(name, attach));
      this.#cards.get(name)?.element.remove(); // that of the version before
      this.#cards.set(name, card);
      this.#members.append(card.element);
      this.#dialogue.offer([...this.#cards.keys()]);
    } catch (thrown) {
      if (signal.aborted) return;
      if (!(thrown instanceof AndonError)) throw thrown;
      this.#members.append(refusedCard(file.name, thrown));
    }
  }

  async #toggle(name: string, attach: boolean): Promise<void> {
    const card = this.#cards.get(name);
    try {
      if (attach) card?.attached(await this.#experts.attach(name));
      else card?.detached(await this.#experts.detach(name));
      await this.#settle();
    } catch (thrown) {
      if (this.#ended.signal.aborted) return;
      if (!(thrown instanceof AndonError)) throw thrown;
      card?.failed(thrown);
    }
  }

  /** What the cards say is what is. */
  async #settle(): Promise<void> {
    const attached = this.#experts.attached();
    for (const [name, card] of this.#cards) {
      if (!attached.has(name)) card.detached();
      else if (!card.isAttached()) card.attached(await this.#experts.attach(name));
    }
  }
}
