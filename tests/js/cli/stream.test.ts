// Long runs: constant memory, back-pressure, and every way in which they can be cut short.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { regression } from "../support/models.js";
import { andon, finish, freshFolder, lines, MAIN, start } from "./support/command.js";
import { writeModel } from "./support/files.js";

const MIB = 1024 * 1024;
const ROW = "1.25,-0.5\n"; // predicts 4.5
const BLOCK = ROW.repeat(100_000); // 1 MB
const folder = freshFolder();

beforeEach(async () => {
  await writeModel(folder.path("line.aprender"), regression);
});

/** Makes the process say at its end how much memory it ever had. */
const HOOK = 'process.on("exit",()=>process.stderr.write(String(process.resourceUsage().maxRSS)))';
const MEASURED = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(HOOK)}` };

/** Rows that came back, and the peak of memory in bytes. */
async function peakFor(blocks: number): Promise<{ rows: number; peak: number }> {
  const child = start(["predict", folder.path("line.aprender")], { env: MEASURED });
  let newlines = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0a) newlines += 1;
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdin.write("height,width\n");
  for (let i = 0; i < blocks; i += 1) {
    if (!child.stdin.write(BLOCK))
      await new Promise((resolve) => child.stdin.once("drain", resolve));
  }
  child.stdin.end();
  expect(await ended).toBe(0);
  return { rows: newlines - 1, peak: Number(stderr) * 1024 };
}

test("memory does not grow with the number of rows", async () => {
  const small = await peakFor(1);
  const large = await peakFor(60);
  expect([small.rows, large.rows]).toEqual([100_000, 6_000_000]);
  expect(large.peak - small.peak).toBeLessThan(64 * MIB);
}, 60_000);

test("nothing is read ahead of a reader that is slow", async () => {
  const child = start(["predict", folder.path("line.aprender")]);
  child.stdin.write("height,width\n");
  let taken = 0;
  for (;;) {
    const drained = new Promise<boolean>((resolve) => {
      if (child.stdin.write(BLOCK)) resolve(true);
      else child.stdin.once("drain", () => resolve(true));
    });
    if (!(await Promise.race([drained, pause(1500, false, { ref: false })]))) break;
    taken += 1;
    expect(taken).toBeLessThan(16);
  }
  child.stdin.end();
  const { code, stdout } = await finish(child);
  expect(code).toBe(0);
  expect(stdout.length).toBe("prediction\n".length + (taken + 1) * 100_000 * "4.5\n".length);
}, 30_000);

describe("stopped by a signal, it leaves nothing behind", () => {
  test.each<[NodeJS.Signals, number]>([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])("%s", async (signal, code) => {
    const before = await readdir(folder.path());
    const child = start(["predict", folder.path("line.aprender"), "-o", folder.path("out.csv")]);
    child.stdin.on("error", () => undefined);
    child.stdin.write(`height,width\n${ROW}`);
    while ((await readdir(folder.path())).length === before.length) await pause(10);
    child.kill(signal);
    expect(await finish(child)).toEqual({ code, stdout: "", stderr: "" });
    expect(await readdir(folder.path())).toEqual(before);
  });
});

test("a reader that has seen enough is no failure", async () => {
  const child = start(["predict", folder.path("line.aprender")]);
  child.stdin.on("error", () => undefined);
  child.stdin.write(`height,width\n${BLOCK}`);
  child.stdout.once("data", () => child.stdout.destroy());
  for (let i = 0; i < 20; i += 1) child.stdin.write(BLOCK);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise((resolve) => child.once("exit", resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("a wrong row ends it while its input is still open", async () => {
  const child = start(["predict", folder.path("line.aprender")]);
  child.stdin.on("error", () => undefined);
  child.stdin.write("height,width\nx,1\n");
  expect((await finish(child)).code).toBe(4);
});

test("a full disk is named", async () => {
  if (!existsSync("/dev/full")) return;
  const full = openSync("/dev/full", "w");
  const args = [MAIN, "predict", folder.path("line.aprender")];
  const child = spawn(process.execPath, args, {
    stdio: ["pipe", full, "pipe"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin?.end(`height,width\n${ROW}`);
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "andon: standard output cannot be written: no space left on device\n",
  });
});

test("a full disk leaves no file", async () => {
  if (!existsSync("/dev/full")) return;
  const args = ["predict", folder.path("line.aprender"), "-o", "/dev/full", "--json"];
  const { code, stderr } = await andon(args, { input: `height,width\n${ROW}` });
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toEqual({
    code: "OutputUnwritable",
    message: "'/dev/full' cannot be written: no space left on device",
  });
});

test("a pipe as --output is written, not replaced", async () => {
  if (process.platform === "win32") return;
  const pipe = folder.path("pipe.csv");
  execFileSync("mkfifo", [pipe]);
  const reading = readFile(pipe, "utf8");
  const args = ["predict", folder.path("line.aprender"), "-o", pipe];
  const { code } = await andon(args, { input: lines("height,width", "1,1") });
  expect({ code, text: await reading }).toEqual({ code: 0, text: lines("prediction", "-0.5") });
  expect(existsSync(pipe)).toBe(true);
});
