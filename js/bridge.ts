// A session in a worker: the same calls, as messages. This end owns cancellation (it ends the worker)
// and turns failures into AndonError; the other end answers each call with one message.

import type { Rows } from "./rows.js";
import type { Weights } from "./description.js";
import { AndonError, reasonOf } from "./errors.js";
import type { ErrorCode } from "./generated/error-codes.js";
import type { Port, WorkerPort } from "./platform/platform.js";
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
import type { Verdict } from "./verdict.js";

/** What a worker can be asked: `start` with the compiled core, then the calls of a session. */
export interface Calls extends Session {
  start(core: WebAssembly.Module): Promise<void>;
}

export type Call = {
  [Name in keyof Calls]: { name: Name; argument: Parameters<Calls[Name]>[0] };
}[keyof Calls];

type Numbered = Call & { id: number };

interface Failure {
  code: ErrorCode;
  message: string;
  verdict: Verdict | undefined;
}

type Answer = { id: number; value: unknown } | { id: number; failure: Failure };

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: AndonError) => void;
}

/** The near end. */
export class RemoteSession implements Session {
  readonly #port: WorkerPort;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #started = false;
  #ended: AndonError | undefined;

  private constructor(port: WorkerPort) {
    this.#port = port;
    port.onMessage((message) => {
      this.#receive(message as Answer);
    });
    port.onFailure((reason) => {
      this.#end(
        new AndonError(
          this.#started ? "WorkerFailed" : "StartFailed",
          `worker: ${reasonOf(reason)}`,
          { cause: reason },
        ),
      );
    });
  }

  /** Errors: StartFailed. */
  static async start(port: WorkerPort, core: WebAssembly.Module): Promise<RemoteSession> {
    const session = new RemoteSession(port);
    try {
      await session.#call({ name: "start", argument: core });
    } catch (thrown) {
      session.close();
      throw thrown;
    }
    session.#started = true;
    return session;
  }

  async sniff(head: Uint8Array): Promise<FileKind | undefined> {
    return (await this.#call({ name: "sniff", argument: head })) as FileKind | undefined;
  }

  async begin(claim: FileClaim): Promise<void> {
    await this.#call({ name: "begin", argument: claim });
  }

  async append(bytes: Uint8Array): Promise<void> {
    const copy = new Uint8Array(bytes); // not slice(): a Buffer's is no copy
    await this.#call({ name: "append", argument: copy }, [copy.buffer]);
  }

  async open(terms: Terms): Promise<OpenedModel | OpenedExpert> {
    return (await this.#call({ name: "open", argument: terms })) as OpenedModel | OpenedExpert;
  }

  async beginExpert(claim: FileClaim & Terms): Promise<ExpertStep> {
    return (await this.#call({ name: "beginExpert", argument: claim })) as ExpertStep;
  }

  async feedExpert(bytes: Uint8Array): Promise<ExpertStep> {
    const copy = new Uint8Array(bytes);
    const argument = { name: "feedExpert", argument: copy } as const;
    return (await this.#call(argument, [copy.buffer])) as ExpertStep;
  }

  async predict(rows: Rows): Promise<Rows> {
    const copy = rows.slice();
    return (await this.#call({ name: "predict", argument: copy }, [copy.buffer])) as Rows;
  }

  async weights(): Promise<Weights> {
    return (await this.#call({ name: "weights", argument: undefined })) as Weights;
  }

  async take(wish: { section: number; form: Form }): Promise<Taken> {
    return (await this.#call({ name: "take", argument: wish })) as Taken;
  }

  async give(part: { section: number; form: Form; bytes: Uint8Array }): Promise<Content> {
    const bytes = new Uint8Array(part.bytes);
    const argument = { name: "give", argument: { ...part, bytes } } as const;
    return (await this.#call(argument, [bytes.buffer])) as Content;
  }

  async beginIntegrity(baseConfig: Uint8Array): Promise<void> {
    await this.#call({ name: "beginIntegrity", argument: baseConfig });
  }

  async addIntegrity(bytes: Uint8Array): Promise<void> {
    const copy = new Uint8Array(bytes);
    await this.#call({ name: "addIntegrity", argument: copy }, [copy.buffer]);
  }

  async endIntegrity(): Promise<void> {
    await this.#call({ name: "endIntegrity", argument: undefined });
  }

  /** Ends the worker; calls that wait are rejected with Disposed. May be called again. */
  close(): void {
    this.#end(new AndonError("Disposed", "it was disposed of"));
  }

  async #call(call: Call, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.keepAlive(true);
      this.#port.post({ id, ...call } satisfies Numbered, transfer);
    });
  }

  #receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#port.keepAlive(this.#waiting.size > 0);
    if ("value" in answer) waiting?.resolve(answer.value);
    else waiting?.reject(errorOf(answer.failure));
  }

  #end(error: AndonError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#port.keepAlive(false);
    this.#port.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** The far end: answers calls in their order. */
export function serve(port: Port, calls: (call: Call) => Promise<unknown>): void {
  port.onMessage((message) => {
    const call = message as Numbered;
    calls(call).then(
      (value) => {
        port.post({ id: call.id, value } satisfies Answer, buffersOf(value));
      },
      (thrown: unknown) => {
        port.post({ id: call.id, failure: failureOf(thrown) } satisfies Answer, []);
      },
    );
  });
}

function failureOf(thrown: unknown): Failure {
  return thrown instanceof AndonError
    ? { code: thrown.code, message: thrown.message, verdict: thrown.verdict }
    : { code: "Internal", message: `worker: ${reasonOf(thrown)}`, verdict: undefined };
}

function errorOf({ code, message, verdict }: Failure): AndonError {
  return new AndonError(code, message, { verdict });
}

/** Answers own their numbers, so these move instead of being copied. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}
