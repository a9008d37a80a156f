// Calls to a worker, as messages. The near end owns cancellation (it ends the worker) and turns failures
// into AndonError; the far end answers each call with one message.

import { AndonError, reasonOf } from "./errors.js";
import type { ErrorCode } from "./generated/error-codes.js";
import type { Port, WorkerPort } from "./platform/platform.js";
import type { Verdict } from "./verdict.js";

/** What a worker can be asked: functions of one argument, or of none. */
type Functions<Calls> = { [Name in keyof Calls]: (argument: never) => unknown };

export type ArgumentOf<Method> = Method extends (argument: infer Argument) => unknown
  ? Argument
  : never;
export type AnswerOf<Method> = Method extends (argument: never) => infer Answer
  ? Awaited<Answer>
  : never;

export type Call<Calls> = {
  [Name in keyof Calls]: { name: Name; argument: ArgumentOf<Calls[Name]> };
}[keyof Calls];

type Numbered<Calls> = Call<Calls> & { id: number };

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
export class RemoteCalls<Calls extends Functions<Calls>> {
  readonly #port: WorkerPort;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #started = false;
  #ended: AndonError | undefined;

  constructor(port: WorkerPort) {
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

  /** The first call; a failure of it ends the worker. Errors: StartFailed. */
  async start<Name extends keyof Calls>(
    name: Name,
    argument: ArgumentOf<Calls[Name]>,
  ): Promise<void> {
    try {
      await this.call(name, argument);
    } catch (thrown) {
      this.close();
      throw thrown;
    }
    this.#started = true;
  }

  /** Errors: those of the far end, WorkerFailed, Disposed. */
  async call<Name extends keyof Calls>(
    name: Name,
    argument: ArgumentOf<Calls[Name]>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<AnswerOf<Calls[Name]>> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.keepAlive(true);
      this.#port.post({ id, name, argument }, transfer);
    });
    return (await answer) as AnswerOf<Calls[Name]>;
  }

  /** Ends the worker; calls that wait are rejected with Disposed. May be called again. */
  close(): void {
    this.#end(new AndonError("Disposed", "it was disposed of"));
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
export function serve<Calls>(port: Port, answer: (call: Call<Calls>) => Promise<unknown>): void {
  port.onMessage((message) => {
    const call = message as Numbered<Calls>;
    answer(call).then(
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
