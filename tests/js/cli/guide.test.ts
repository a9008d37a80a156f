// docs/PACKAGING_GUIDE.md, run as it is written: every command in one folder, one after the other, and
// every outcome that the guide states compared with what happens. In it `…` alone in a line stands for
// any lines, within a line for any text.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { MAIN } from "./support/command.js";
import { openssl } from "./support/openssl.js";
import { writePeftFolder } from "./support/peft.js";

interface Step {
  title: string;
  needsOpenssl: boolean;
  commands: string;
  exitCode: number;
  outcome: string | undefined;
}

function stepsOf(guide: string): Step[] {
  const blocks = guide.matchAll(/^```sh( openssl)?\n([^]*?)^```\n(?:```text\n([^]*?)^```\n)?/gm);
  return Array.from(blocks, ([, tool, commands = "", outcome]) => ({
    title: commands.split("\n")[0] ?? "",
    needsOpenssl: tool !== undefined,
    commands,
    exitCode: Number(/# exit code (\d+)\n$/.exec(commands)?.[1] ?? 0),
    outcome,
  }));
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

function patternOf(outcome: string): RegExp {
  const lines = outcome
    .trimEnd()
    .split("\n")
    .map((line) => (line === "…" ? "(?:.*\n)*?" : `${line.split("…").map(escaped).join(".*")}\n`));
  return new RegExp(`^${lines.join("")}$`);
}

const guide = readFileSync(new URL("../../../../docs/PACKAGING_GUIDE.md", import.meta.url), "utf8");
const steps = stepsOf(guide);
let folder = "";
let tools = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "andon-guide-"));
  tools = mkdtempSync(join(tmpdir(), "andon-guide-bin-"));
  const command = `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`;
  writeFileSync(join(tools, "andon"), command, { mode: 0o755 });
  await writePeftFolder(join(folder, "sql-adapter"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(tools, { recursive: true });
});

test("the guide has commands", () => {
  expect(steps.length).toBeGreaterThan(15);
});

test.each(steps)("$title", ({ commands, exitCode, outcome, needsOpenssl }) => {
  if (needsOpenssl && openssl(["version"], folder) === undefined) return;
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["--norc", "-eo", "pipefail", "-c", commands],
    {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: `${tools}${delimiter}${process.env["PATH"] ?? ""}`,
        HOME: tools,
        LC_ALL: "C",
        ANDON_PASSPHRASE: "what the guide's reader types",
        ...coverage(),
      },
    },
  );
  expect({ status, stderr }).toEqual({
    status: exitCode,
    stderr: exitCode === 0 ? "" : expect.any(String),
  });
  if (outcome !== undefined) expect(stdout + stderr).toMatch(patternOf(outcome));
});

/** Where this run measures coverage, the commands take part. */
function coverage(): Record<string, string> {
  const { NODE_V8_COVERAGE: where } = process.env;
  return where === undefined ? {} : { NODE_V8_COVERAGE: where };
}
