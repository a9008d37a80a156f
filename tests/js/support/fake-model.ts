// What an ExpertManager asks of a language model, without one.

import {
  AndonError,
  open,
  type AttachedExpert,
  type ErrorCode,
  type Generation,
  type LanguageModel,
  type TextSession,
} from "andon";

interface Chat {
  experts: { name: string }[];
}

export class FakeModel {
  readonly attached: string[] = [];
  readonly detached: string[] = [];
  readonly terms: unknown[] = [];
  readonly chats: object[] = [];
  /** Of an expert. */
  bytes = 100;
  stops = 0;
  refuseChats: AndonError | undefined;
  readonly #refused = new Map<string, ErrorCode>();

  get asModel(): LanguageModel {
    return this as unknown as LanguageModel;
  }

  get asSession(): TextSession {
    return this as unknown as TextSession;
  }

  refuse(name: string, code: ErrorCode): void {
    this.#refused.set(name, code);
  }

  async attach(bytes: Uint8Array, terms: object): Promise<AttachedExpert> {
    const expert = await open(bytes, { ...terms, kind: "expert" });
    expert.dispose();
    const { name, version, manifest } = expert;
    const refused = this.#refused.get(name);
    if (refused !== undefined) throw new AndonError(refused, `${name} is refused`);
    this.attached.push(name);
    this.terms.push(terms);
    const detach = (): Promise<void> => {
      this.detached.push(name);
      return Promise.resolve();
    };
    const memory = (): Promise<object> => Promise.resolve({ total: this.bytes });
    return { name, version, manifest, memory, detach } as unknown as AttachedExpert;
  }

  chat(_: unknown, { experts, ...options }: Chat): Generation {
    if (this.refuseChats !== undefined) throw this.refuseChats;
    this.chats.push({ ...options, experts: experts.map(({ name }) => name) });
    const parts = (async function* () {
      yield { type: "text", text: await Promise.resolve("answer") };
      yield { type: "finish", reason: "end" };
    })();
    return {
      [Symbol.asyncIterator]: () => parts,
      result: () => Promise.resolve({ text: "answer" }),
      stop: () => {
        this.stops += 1;
      },
    } as unknown as Generation;
  }
}
