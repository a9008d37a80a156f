// A session in a worker: the same calls, as messages.

import { RemoteCalls } from "./calls.js";
import type { Rows } from "./rows.js";
import type { Weights } from "./description.js";
import type { WorkerPort } from "./platform/platform.js";
import type { Content, Form } from "./core-expert.js";
import type { FileKind } from "./core.js";
import type {
  ExpertStep,
  FileClaim,
  OpenedExpert,
  OpenedModel,
  Session,
  Taken,
  Terms,
} from "./session.js";

/** What a worker can be asked: `start` with the compiled core, then the calls of a session. */
export interface Calls extends Session {
  start(core: WebAssembly.Module): Promise<void>;
}

/** The near end. */
export class RemoteSession implements Session {
  readonly #calls: RemoteCalls<Calls>;

  private constructor(port: WorkerPort) {
    this.#calls = new RemoteCalls(port);
  }

  /** Errors: StartFailed. */
  static async start(port: WorkerPort, core: WebAssembly.Module): Promise<RemoteSession> {
    const session = new RemoteSession(port);
    await session.#calls.start("start", core);
    return session;
  }

  sniff(head: Uint8Array): Promise<FileKind | undefined> {
    return this.#calls.call("sniff", head);
  }

  begin(claim: FileClaim): Promise<void> {
    return this.#calls.call("begin", claim);
  }

  append(bytes: Uint8Array): Promise<void> {
    const copy = new Uint8Array(bytes); // not slice(): a Buffer's is no copy
    return this.#calls.call("append", copy, [copy.buffer]);
  }

  open(terms: Terms): Promise<OpenedModel | OpenedExpert> {
    return this.#calls.call("open", terms);
  }

  beginExpert(claim: FileClaim & Terms): Promise<ExpertStep> {
    return this.#calls.call("beginExpert", claim);
  }

  feedExpert(bytes: Uint8Array): Promise<ExpertStep> {
    const copy = new Uint8Array(bytes);
    return this.#calls.call("feedExpert", copy, [copy.buffer]);
  }

  predict(rows: Rows): Promise<Rows> {
    const copy = rows.slice();
    return this.#calls.call("predict", copy, [copy.buffer]);
  }

  weights(): Promise<Weights> {
    return this.#calls.call("weights", undefined);
  }

  take(wish: { section: number; form: Form }): Promise<Taken> {
    return this.#calls.call("take", wish);
  }

  give(part: { section: number; form: Form; bytes: Uint8Array }): Promise<Content> {
    const bytes = new Uint8Array(part.bytes);
    return this.#calls.call("give", { ...part, bytes }, [bytes.buffer]);
  }

  beginIntegrity(baseConfig: Uint8Array): Promise<void> {
    return this.#calls.call("beginIntegrity", baseConfig);
  }

  addIntegrity(bytes: Uint8Array): Promise<void> {
    const copy = new Uint8Array(bytes);
    return this.#calls.call("addIntegrity", copy, [copy.buffer]);
  }

  endIntegrity(): Promise<void> {
    return this.#calls.call("endIntegrity", undefined);
  }

  /** Ends the worker; calls that wait are rejected with Disposed. May be called again. */
  close(): void {
    this.#calls.close();
  }
}
