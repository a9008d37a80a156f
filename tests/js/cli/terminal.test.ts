// What a person at a terminal sees, beyond what a pipe gets.

import { readFile, writeFile } from "node:fs/promises";
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
  const rows = (count: number): string => `height,width\n${"1,1\n".repeat(count)}`;
  const shownFor = async (args: string[], wish: Wish = {}): Promise<Shown> => {
    await writeFile(folder.path("rows.csv"), rows(300_000));
    return run(["predict", model(), folder.path("rows.csv"), ...args], wish);
  };

  test("draws a progress bar, removes it, and sums up", async () => {
    const { code, stdout, stderr } = await shownFor(["-o", folder.path("out.csv")]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/\r.*▕█*.*▏ +\d+ % +[\d,]+ rows +[\d,]+ rows\/s/);
    const [last] = plain(stderr).split("\r").slice(-1);
    expect(last).toMatch(/^300,000 rows to .*out\.csv in [\d.]+ s\n$/);
    expect(plain(stderr)).toContain("line.aprender  ✔ Intact, not signed\n");
    expect(await readFile(folder.path("out.csv"), "utf8")).toHaveLength(
      "prediction\n".length + 300_000 * 5,
    );
  });

  test("draws it also when the rows go into a pipe", async () => {
    const { stderr } = await shownFor([], { tty: { stdout: false } });
    expect(stderr).toContain(" rows/s");
    expect(plain(stderr)).toMatch(/300,000 rows in /);
  });

  test("draws nothing among the rows on a terminal", async () => {
    const { stdout, stderr } = await shownFor([]);
    expect(plain(stderr)).toBe(`${model()}  ✔ Intact, not signed\n`);
    expect(stdout.split("\n")).toHaveLength(300_002);
  });

  test.each(["--quiet", "-q"])("is silent with %s", async (quiet) => {
    expect((await shownFor(["-o", folder.path("out.csv"), quiet])).stderr).toBe("");
  });

  test("is silent where standard error is no terminal", async () => {
    const tty = { stderr: false };
    expect((await shownFor(["-o", folder.path("out.csv")], { tty })).stderr).toBe("");
  });

  test("says that it waits for rows to be typed", async () => {
    const terminal = fakeTerminal();
    terminal.stdin.end(lines("height,width", "1,1"));
    const { stderr, stdout } = await runIn(terminal, ["predict", model()]);
    expect(plain(stderr)).toContain("Type rows as csv; Ctrl-D ends them.\n");
    expect(stdout).toBe(lines("prediction", "-0.5"));
  });

  test("removes the bar before it names a wrong row", async () => {
    await writeFile(folder.path("rows.csv"), `${rows(300_000)}x,1\n`);
    const { code, stderr } = await run([
      "predict",
      model(),
      folder.path("rows.csv"),
      "-o",
      folder.path("o.csv"),
    ]);
    expect(code).toBe(4);
    expect(stderr).toContain(
      `\r${ESCAPE}[K${ESCAPE}[31mandon:${ESCAPE}[39m line 300002, column "height"`,
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
