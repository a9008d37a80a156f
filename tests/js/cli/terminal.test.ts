// What a person at a terminal sees, beyond what a pipe gets.

import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { regression, softmax } from "../support/models.js";
import { freshFolder, lines } from "./support/command.js";
import { writeModel, writeTampered } from "./support/files.js";
import { ESCAPE, fakeTerminal, plain, runIn, type Shown, type Wish } from "./support/terminal.js";

const folder = freshFolder();
const model = (): string => folder.path("line.aprender");

beforeEach(async () => {
  await writeModel(model(), regression);
});

const run = (args: string[], wish: Wish = {}): Promise<Shown> => runIn(fakeTerminal(wish), args);

describe("colours", () => {
  test("are there on a terminal", async () => {
    for (const args of [["--help"], ["help", "pack"], ["inspect", model()], ["verify", model()]]) {
      const coloured = await run(args);
      const bare = await run(args, { tty: { stdout: false, stderr: false } });
      expect(coloured.stdout).toContain(`${ESCAPE}[1m`);
      expect(plain(coloured.stdout)).toBe(bare.stdout);
      expect(bare.stdout).not.toContain(ESCAPE);
    }
  });

  test("mark what is refused", async () => {
    await writeTampered(folder.path("bad.aprender"), regression);
    const { stderr } = await run(["inspect", folder.path("bad.aprender")]);
    expect(stderr).toContain(`${ESCAPE}[31m✘ ${ESCAPE}[1mRejected`);
    expect((await run(["dance"])).stderr).toContain(`${ESCAPE}[31mandon:`);
  });

  test.each([{ NO_COLOR: "1" }, { TERM: "dumb" }])("are not there with %j", async (env) => {
    expect((await run(["inspect", model()], { env })).stdout).not.toContain(ESCAPE);
  });

  test("are there with an empty NO_COLOR", async () => {
    expect((await run(["--help"], { env: { NO_COLOR: "" } })).stdout).toContain(ESCAPE);
  });
});

describe("predict", () => {
  const typed = (stdin: boolean): Wish => ({ tty: { stdin } });

  /** Predicts two rows that come so slowly that somebody might wonder. */
  const slowly = async (args: string[], wish: Wish = typed(false)): Promise<Shown> => {
    const terminal = fakeTerminal(wish);
    const shown = runIn(terminal, ["predict", model(), ...args]);
    terminal.stdin.write("height,width\n1,1\n");
    await pause(800);
    terminal.stdin.end("1,1\n");
    return shown;
  };

  test("shows its progress, removes it, and sums up", async () => {
    const { code, stdout, stderr } = await slowly(["-o", folder.path("out.csv")]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    const [verdict, display, end, summary] = plain(stderr).split(/[\r\n]+/);
    expect(verdict).toBe(`${model()}  ✔ Intact, not signed`);
    expect(display).toMatch(/^\d+ B {2}1 row {2}\d+ rows\/s$/);
    expect(end).toMatch(/^2 rows to .*out\.csv in [\d.]+ s$/);
    expect(summary).toBe("");
    expect(await readFile(folder.path("out.csv"), "utf8")).toBe(
      lines("prediction", "-0.5", "-0.5"),
    );
  });

  test("shows it also when the rows go into a pipe", async () => {
    const { stderr } = await slowly([], { tty: { stdin: false, stdout: false } });
    expect(stderr).toContain(" rows/s");
    expect(plain(stderr)).toMatch(/\r2 rows in [\d.]+ s\n$/);
  });

  test("shows nothing among the rows on a terminal", async () => {
    const { stdout, stderr } = await slowly([]);
    expect(plain(stderr)).toBe(`${model()}  ✔ Intact, not signed\n`);
    expect(stdout).toBe(lines("prediction", "-0.5", "-0.5"));
  });

  test.each(["--quiet", "-q"])("is silent with %s", async (quiet) => {
    expect((await slowly(["-o", folder.path("out.csv"), quiet])).stderr).toBe("");
  });

  test("is silent where standard error is no terminal", async () => {
    const wish = { tty: { stdin: false, stderr: false } };
    expect((await slowly(["-o", folder.path("out.csv")], wish)).stderr).toBe("");
  });

  test("says that it waits for rows to be typed", async () => {
    const terminal = fakeTerminal();
    terminal.stdin.end(lines("height,width", "1,1"));
    const { stderr, stdout } = await runIn(terminal, ["predict", model()]);
    expect(plain(stderr)).toContain("Type rows as csv; Ctrl-D ends them.\n");
    expect(stdout).toBe(lines("prediction", "-0.5"));
  });

  test("removes its display before it names a wrong row", async () => {
    const terminal = fakeTerminal(typed(false));
    const shown = runIn(terminal, ["predict", model(), "-o", folder.path("out.csv")]);
    terminal.stdin.write("height,width\n1,1\n");
    await pause(800);
    terminal.stdin.write("1,1\n");
    await pause(50);
    terminal.stdin.end("x,1\n");
    const { code, stderr } = await shown;
    expect(code).toBe(4);
    expect(stderr).toContain(
      `rows/s\r${ESCAPE}[K${ESCAPE}[31mandon:${ESCAPE}[39m line 4, column "height"`,
    );
  });

  test("lets no class change the terminal, and changes no data in a pipe", async () => {
    const hostile = "\u001b[2J\u202e";
    await writeModel(folder.path("odd.aprender"), {
      ...softmax,
      model: { type: "logistic_regression", class_labels: [hostile, "b", "c"] },
    });
    await writeFile(folder.path("rows.csv"), lines("x,y", "9,0"));
    const args = ["predict", folder.path("odd.aprender"), folder.path("rows.csv")];
    expect((await run(args)).stdout).toBe(lines("prediction", "\\u{1b}[2J\\u{202e}"));
    const piped = await run(args, { tty: { stdout: false } });
    expect(piped.stdout).toBe(lines("prediction", hostile));
  });
});
