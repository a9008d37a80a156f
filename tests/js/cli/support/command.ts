// The command as a user runs it: a process of its own.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, jest } from "@jest/globals";
import "./home.js";

export const MAIN = fileURLToPath(new URL("../../../../../dist/cli/main.js", import.meta.url));

// Processes start slowly on a machine that is busy.
jest.setTimeout(30_000);

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Setting {
  cwd?: string;
  input?: string;
  env?: Record<string, string>;
}

export function start(
  args: readonly string[],
  setting: Setting = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: setting.cwd,
    env: { ...process.env, NODE_OPTIONS: "", ...setting.env },
  });
}

/** Everything that a process writes, and how it ends. */
export async function finish(child: ChildProcessWithoutNullStreams): Promise<Result> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

export async function andon(args: readonly string[], setting: Setting = {}): Promise<Result> {
  const child = start(args, setting);
  // The command may end before it has read all of this.
  child.stdin.on("error", () => undefined);
  child.stdin.end(setting.input ?? "");
  return finish(child);
}

/** The one line of JSON that a failing command prints on standard error. */
export function errorIn(result: Result): Record<string, unknown> {
  return JSON.parse(result.stderr) as Record<string, unknown>;
}

export const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join("");

/** A fresh folder for each test. */
export function freshFolder(): { path: (name?: string) => string } {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "andon-cli-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  return { path: (name = "") => join(folder, name) };
}
