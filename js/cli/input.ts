// Bytes of an operand, which is a path or "-" for standard input.

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { CliError, systemReason } from "./errors.js";
import type { Terminal } from "./terminal.js";

const CHUNK_BYTES = 256 * 1024;

export interface Input {
  /** Bytes in all, where that is known. */
  size: number | undefined;
  chunks: AsyncIterable<Uint8Array>;
}

export function isStdin(operand: string | undefined): boolean {
  return operand === undefined || operand === "-";
}

/** Throws InputUnreadable, also while it is read. */
export async function openInput(operand: string | undefined, terminal: Terminal): Promise<Input> {
  if (operand === undefined || operand === "-") {
    return { size: undefined, chunks: readable(terminal.stdin, "standard input") };
  }
  try {
    const info = await stat(operand);
    const stream = createReadStream(operand, { highWaterMark: CHUNK_BYTES });
    return { size: info.isFile() ? info.size : undefined, chunks: readable(stream, operand) };
  } catch (cause) {
    throw unreadable(operand, cause);
  }
}

async function* readable(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next().catch((cause: unknown) => {
        throw unreadable(name, cause);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** All of standard input, as UTF-8. Throws InputUnreadable. */
export async function readAllText(terminal: Terminal): Promise<string> {
  const { chunks } = await openInput("-", terminal);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** All of a file. Throws InputUnreadable. */
export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

export function unreadable(name: string, cause: unknown): CliError {
  const message = `'${name}' cannot be read: ${systemReason(cause)}`;
  return new CliError("InputUnreadable", message, undefined, { cause });
}
