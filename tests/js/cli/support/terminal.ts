// The command in this process, with streams that say they are a terminal.

import { PassThrough } from "node:stream";
import "./home.js";
import { internals } from "./internals.js";

const { run } = await internals<typeof import("../../../../dist/cli/run.js")>("run");

export interface FakeTerminal {
  stdin: PassThrough & { isTTY: boolean };
  stdout: PassThrough & { isTTY: boolean; columns: number };
  stderr: PassThrough & { isTTY: boolean; columns: number };
  env: Record<string, string>;
}

export interface Wish {
  /** Which streams are a terminal; all by default. */
  tty?: { stdin?: boolean; stdout?: boolean; stderr?: boolean };
  env?: Record<string, string>;
}

export function fakeTerminal({ tty = {}, env = {} }: Wish = {}): FakeTerminal {
  const { stdin = true, stdout = true, stderr = true } = tty;
  return {
    stdin: Object.assign(new PassThrough(), { isTTY: stdin }),
    stdout: Object.assign(new PassThrough(), { isTTY: stdout, columns: 100 }),
    stderr: Object.assign(new PassThrough(), { isTTY: stderr, columns: 100 }),
    env,
  };
}

export interface Shown {
  code: number;
  stdout: string;
  stderr: string;
}

export async function runIn(terminal: FakeTerminal, args: readonly string[]): Promise<Shown> {
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    terminal[name].on("data", (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  }
  const code = await run(args, terminal);
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...texts };
}

export const ESCAPE = "\u001b";

/** Text without colours and other escapes. */
export function plain(text: string): string {
  return text.replaceAll(new RegExp(`${ESCAPE}\\[[0-9;]*[mK]`, "g"), "");
}
