import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { everyType, regression, softmax } from "../support/models.js";
import { andon, errorIn, freshFolder, lines, type Result } from "./support/command.js";
import { keyPair, writeModel, writeTampered } from "./support/files.js";

// regression: 2 height - 3 width + 0.5
const folder = freshFolder();
beforeEach(async () => {
  await writeModel(folder.path("line.aprender"), regression);
  await writeModel(folder.path("winds.aprender"), softmax);
});

const predict = (args: string[], input = ""): Promise<Result> =>
  andon(["predict", ...args], { cwd: folder.path(), input });

const done = (stdout: string): Result => ({ code: 0, stdout, stderr: "" });

describe("CSV", () => {
  test("from standard input to standard output", async () => {
    const input = lines("height,width", "1,1", "2,0.5", "-1e1,0");
    const expected = lines("prediction", "-0.5", "3", "-19.5");
    expect(await predict(["line.aprender"], input)).toEqual(done(expected));
    expect(await predict(["line.aprender", "-", "--output", "-"], input)).toEqual(done(expected));
  });

  test("columns in any order, quoted, with CRLF and a byte order mark", async () => {
    const input = '\uFEFF"width", height \r\n"1","1"\r\n 0.5 ,2';
    expect(await predict(["line.aprender"], input)).toEqual(done(lines("prediction", "-0.5", "3")));
  });

  test("blank lines are no rows", async () => {
    const input = lines("height,width", "", "1,1", "", "");
    expect(await predict(["line.aprender"], input)).toEqual(done(lines("prediction", "-0.5")));
  });

  test("a header without rows", async () => {
    expect(await predict(["line.aprender"], "height,width\n")).toEqual(done("prediction\n"));
  });

  test("from a file", async () => {
    await writeFile(folder.path("rows.CSV"), lines("height,width", "1,1"));
    expect(await predict(["line.aprender", "rows.CSV"])).toEqual(done(lines("prediction", "-0.5")));
  });

  test("classes", async () => {
    const input = lines("x,y", "9,0", "0,9", "-9,-9");
    const expected = lines("prediction", "east", "north", "neither");
    expect(await predict(["winds.aprender"], input)).toEqual(done(expected));
  });

  test("classes with their probabilities", async () => {
    const { code, stdout } = await predict(["winds.aprender", "--proba"], lines("x,y", "0,0"));
    const third = String(Math.fround(1 / 3)).slice(0, 7);
    expect(code).toBe(0);
    const [header, row] = stdout.split("\n");
    expect(header).toBe("prediction,probability_east,probability_north,probability_neither");
    expect(row?.split(",").map((cell) => cell.slice(0, 7))).toEqual(["east", third, third, third]);
  });

  test("a class is quoted where it must be", async () => {
    await writeModel(folder.path("odd.aprender"), {
      ...softmax,
      model: { type: "logistic_regression", class_labels: ['a,"b"', "c", "d"] },
    });
    const { stdout } = await predict(["odd.aprender", "--proba"], lines("x,y", "9,0"));
    expect(stdout).toContain('prediction,"probability_a,""b""",probability_c,probability_d\n');
    expect(stdout).toContain('\n"a,""b""",');
  });

  test("every type of feature", async () => {
    await writeModel(folder.path("all.aprender"), everyType);
    const input = lines(
      "f32,f64,i32,i64,flag",
      "0.5,0.25,-2147483648,1099511627776,true",
      "1,1,2147483647,-1,FALSE",
      "1,1,1.0,1e2,1",
      "1,1,1,1,0",
      "1,,1,1,",
    );
    const sums = [0.75 - 2 ** 31 + 2 ** 40 + 1, 2 + 2 ** 31 - 1 - 1, 104, 4, ""].map(String);
    expect(await predict(["all.aprender"], input)).toEqual(done(lines("prediction", ...sums)));
  });

  test("of one nullable column, where a blank line is a missing value", async () => {
    await writeModel(folder.path("one.aprender"), {
      ...regression,
      features: [{ name: "a", nullable: true }],
      weights: { dtype: "F64", coefficients: [2], intercept: [0] },
    });
    const result = await predict(["one.aprender"], "a\n1\n\n2\n");
    expect(result).toEqual(done(lines("prediction", "2", "", "4")));
  });
});

describe("JSON", () => {
  test("an array of objects and of arrays", async () => {
    const input = '[{"width":1,"height":1},\n[2, 0.5]]';
    const expected = '[\n{"prediction":-0.5},\n{"prediction":3}\n]\n';
    expect(await predict(["line.aprender", "--input-format", "json"], input)).toEqual(
      done(expected),
    );
  });

  test("an empty array", async () => {
    expect(await predict(["line.aprender", "--input-format", "json"], "[]")).toEqual(
      done("[\n]\n"),
    );
  });

  test.each(["jsonl", "ndjson"])("a value a line, as %s", async (format) => {
    await writeFile(folder.path(`rows.${format}`), '{"x":9,"y":0}\n\n[0,9]\n');
    expect(await predict(["winds.aprender", `rows.${format}`])).toEqual(
      done(lines('{"prediction":"east"}', '{"prediction":"north"}')),
    );
  });

  test("probabilities by class", async () => {
    const { stdout } = await predict(
      ["winds.aprender", "--proba", "--input-format", "jsonl"],
      '{"x":0,"y":0}\n',
    );
    const { prediction, probabilities } = JSON.parse(stdout) as {
      prediction: string;
      probabilities: Record<string, number>;
    };
    expect(prediction).toBe("east");
    expect(Object.keys(probabilities)).toEqual(["east", "north", "neither"]);
    for (const part of Object.values(probabilities)) expect(part).toBeCloseTo(1 / 3);
  });

  test("a missing value gives no prediction", async () => {
    await writeModel(folder.path("all.aprender"), everyType);
    const row = '{"f32":1,"f64":null,"i32":1,"i64":1,"flag":true}\n';
    const jsonl = ["all.aprender", "--input-format", "jsonl"];
    expect(await predict(jsonl, row)).toEqual(done('{"prediction":null}\n'));
    expect(await predict([...jsonl, "--output-format", "csv"], row)).toEqual(
      done("prediction\n\n"),
    );
  });
});

describe("--keep-columns", () => {
  const keep = (args: string[], input: string): Promise<Result> =>
    predict(["line.aprender", "--keep-columns", ...args], input);

  test("CSV to CSV: every column, as it stands, also those that are no feature", async () => {
    const input = lines('id,width,"no, te",height', '"a ""1""",1.0,"x\ny", 1 ', "2,0.50,,2");
    expect(await keep([], input)).toEqual(
      done(
        lines(
          'id,width,"no, te",height,prediction',
          '"a ""1""",1.0,"x\ny", 1 ,-0.5',
          "2,0.50,,2,3",
        ),
      ),
    );
  });

  test("CSV to JSON: values of features, texts of the rest", async () => {
    await writeModel(folder.path("all.aprender"), everyType);
    const input = lines("id,f32,f64,i32,i64,flag", "07,0.5,,2,3,true", "08,1,1,1,1,0");
    const args = ["all.aprender", "--keep-columns", "--output-format", "jsonl"];
    expect(await predict(args, input)).toEqual(
      done(
        lines(
          '{"id":"07","f32":0.5,"f64":null,"i32":2,"i64":3,"flag":true,"prediction":null}',
          '{"id":"08","f32":1,"f64":1,"i32":1,"i64":1,"flag":false,"prediction":4}',
        ),
      ),
    );
  });

  test("JSON to JSON: the objects", async () => {
    const input = '{"id":{"a":[1]},"height":1,"width":1}\n{"width":0.5,"id":null,"height":2}\n';
    expect(await keep(["--input-format", "jsonl"], input)).toEqual(
      done(
        lines(
          '{"id":{"a":[1]},"height":1,"width":1,"prediction":-0.5}',
          '{"width":0.5,"id":null,"height":2,"prediction":3}',
        ),
      ),
    );
  });

  test("JSON to CSV: the members of the first row", async () => {
    const input = '[{"id":"a,b","height":1,"width":1},{"width":0.5,"id":{"c":1},"height":2}]';
    expect(await keep(["--input-format", "json", "--output-format", "csv"], input)).toEqual(
      done(lines("id,height,width,prediction", '"a,b",1,1,-0.5', '"{""c"":1}",2,0.5,3')),
    );
  });

  test("arrays have the names of the features", async () => {
    expect(await keep(["--input-format", "jsonl"], "[1,1]\n")).toEqual(
      done('{"height":1,"width":1,"prediction":-0.5}\n'),
    );
  });

  test("nulls stay blank in CSV", async () => {
    await writeModel(folder.path("all.aprender"), everyType);
    const row = '{"f32":1,"f64":null,"i32":1,"i64":1,"flag":true}\n';
    const formats = ["--input-format", "jsonl", "--output-format", "csv"];
    expect(await predict(["all.aprender", "--keep-columns", ...formats], row)).toEqual(
      done(lines("f32,f64,i32,i64,flag,prediction", "1,,1,1,true,")),
    );
  });

  test.each<[string, string[], string]>([
    ["CSV", [], lines("height,width,prediction", "1,1,1")],
    ["JSON", ["--input-format", "json"], '[{"height":1,"width":1,"prediction":1}]'],
  ])("does not write two columns of one name: %s", async (_, args, input) => {
    const result = await keep(["--json", ...args], input);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "InvalidArgument" });
  });

  test.each<[string, string, string]>([
    ["lacks a member", '{"height":2,"width":2}', "FeatureMissing"],
    ["has one more", '{"height":2,"width":2,"id":1,"more":1}', "FeatureUnexpected"],
  ])("wants the same members in every row: one %s", async (_, second, code) => {
    const input = `{"height":1,"width":1,"id":1}\n${second}\n`;
    const result = await keep(["--json", "--input-format", "jsonl"], input);
    expect(result.code).toBe(4);
    expect(errorIn(result)).toMatchObject({ code, line: 2 });
  });
});

describe("a row that is wrong", () => {
  test.each<[string, string, object]>([
    ["no header", "", { code: "InputMalformed", line: 1 }],
    [
      "a missing column",
      lines("height", "1"),
      { code: "FeatureMissing", line: 1, column: "width" },
    ],
    [
      "an extra column",
      lines("height,width,id", "1,1,1"),
      { code: "FeatureUnexpected", line: 1, column: "id" },
    ],
    [
      "a column twice",
      lines("height,width,width", "1,1,1"),
      { code: "InputMalformed", line: 1, column: "width" },
    ],
    ["a cell too few", lines("height,width", "1,1", "1"), { code: "RowLength", line: 3 }],
    ["a cell too many", lines("height,width", "1,1,1"), { code: "RowLength", line: 2 }],
    [
      "a text",
      lines("height,width", "1,1", '"\n",x'),
      { code: "FeatureValue", line: 3, column: "height" },
    ],
    [
      "infinity",
      lines("height,width", "1,1e999"),
      { code: "FeatureValue", line: 2, column: "width" },
    ],
    [
      "NaN by name",
      lines("height,width", "NaN,1"),
      { code: "FeatureValue", line: 2, column: "height" },
    ],
    [
      "a blank cell",
      lines("height,width", "1,1", "1, "),
      { code: "FeatureNull", line: 3, column: "width" },
    ],
    [
      "a quote that is never closed",
      lines("height,width", '1,"1'),
      { code: "InputMalformed", line: 2 },
    ],
  ])("CSV: %s", async (_, input, expected) => {
    const result = await predict(["line.aprender", "--json"], input);
    expect(errorIn(result)).toMatchObject(expected);
    expect(result.code).toBe(4);
  });

  test.each<[string, string, string]>([
    ["int32 with a fraction", "i32", "1.5"],
    ["int32 too large", "i32", "2147483648"],
    ["int32 too small", "i32", "-2147483649"],
    ["int64 too large", "i64", "9223372036854775808"],
    ["a bool of another word", "flag", "yes"],
  ])("CSV: %s", async (_, column, cell) => {
    await writeModel(folder.path("all.aprender"), everyType);
    const row = { f32: "1", f64: "1", i32: "1", i64: "1", flag: "1", [column]: cell };
    const input = lines(Object.keys(row).join(","), Object.values(row).join(","));
    const result = await predict(["all.aprender", "--json"], input);
    expect(result.code).toBe(4);
    expect(errorIn(result)).toMatchObject({ code: "FeatureValue", line: 2, column });
  });

  test.each<[string, string, object]>([
    ["not JSON", "{height:1}", { code: "InputMalformed", line: 1 }],
    ["not an object or array", "[1,1]\n5", { code: "InputMalformed", line: 2 }],
    ["a missing member", '{"height":1}', { code: "FeatureMissing", line: 1 }],
    [
      "an extra member",
      '\n\n{"height":1,"width":1,"id":1}',
      { code: "FeatureUnexpected", line: 3 },
    ],
    ["a text", '{"height":"1","width":1}', { code: "FeatureValue", line: 1 }],
    ["a null", '{"height":null,"width":1}', { code: "FeatureNull", line: 1 }],
    ["an array too short", "[1]", { code: "RowLength", line: 1 }],
    ["an array of arrays", "[[1,1],[1,1]]", { code: "FeatureValue", line: 1 }],
    ["an array of objects", '[{"height":1}]', { code: "FeatureValue", line: 1 }],
  ])("JSON Lines: %s", async (_, input, expected) => {
    const result = await predict(["line.aprender", "--json", "--input-format", "jsonl"], input);
    expect(errorIn(result)).toMatchObject(expected);
    expect(result.code).toBe(4);
  });

  test("is named to a person by line and column", async () => {
    const { stderr } = await predict(["line.aprender"], lines("height,width", "1,1", "1,\u001bx"));
    expect(stderr).toBe(
      'andon: line 3, column "width": "\\u{1b}x" is not a finite number [FeatureValue]\n',
    );
  });
});

describe("--output", () => {
  const rows = lines("height,width", "1,1");

  test("says the format by its name", async () => {
    expect(await predict(["line.aprender", "-o", "out.json"], rows)).toEqual(done(""));
    expect(await readFile(folder.path("out.json"), "utf8")).toBe('[\n{"prediction":-0.5}\n]\n');
  });

  test("keeps the format of the input where its name says none", async () => {
    await predict(["line.aprender", "-o", "out.txt"], rows);
    expect(await readFile(folder.path("out.txt"), "utf8")).toBe(lines("prediction", "-0.5"));
  });

  test("replaces a file, its input as well, and goes through a link", async () => {
    await writeFile(folder.path("rows.csv"), rows);
    await symlink("rows.csv", folder.path("link.csv"));
    expect((await predict(["line.aprender", "rows.csv", "-o", "link.csv"])).code).toBe(0);
    expect(await readFile(folder.path("rows.csv"), "utf8")).toBe(lines("prediction", "-0.5"));
  });

  test("leaves everything as it was when a row is wrong", async () => {
    await writeFile(folder.path("old.csv"), "old");
    const before = await readdir(folder.path());
    for (const output of ["old.csv", "new.csv"]) {
      expect((await predict(["line.aprender", "-o", output], `${rows}x,y\n`)).code).toBe(4);
    }
    expect(await readdir(folder.path())).toEqual(before);
    expect(await readFile(folder.path("old.csv"), "utf8")).toBe("old");
  });

  test.each<[string, string]>([
    ["a folder", "."],
    ["a place in a folder that is not there", "missing/out.csv"],
  ])("cannot be %s", async (_, output) => {
    const result = await predict(["line.aprender", "--json", "-o", output], rows);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "OutputUnwritable" });
  });
});

describe("nothing is predicted", () => {
  const rows = lines("height,width", "1,1");

  test("by a model that is rejected", async () => {
    await writeTampered(folder.path("bad.aprender"), regression);
    const result = await predict(["bad.aprender", "--json", "-o", "out.csv"], rows);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 2, stdout: "" });
    expect(errorIn(result)).toMatchObject({ verdict: { integrity: "corrupt" } });
    expect(await readdir(folder.path())).not.toContain("out.csv");
  });

  test("by a model that the policy refuses", async () => {
    const result = await predict(["line.aprender", "--trust", keyPair().base64], rows);
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 3, stdout: "" });
    expect(result.stderr).toMatch(/^✘ Refused: .* \[SignatureMissing\]\n( {2}.*\n)+$/);
  });

  test("from an input that is not there", async () => {
    const { code, stderr } = await predict(["line.aprender", "missing.csv"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "andon: 'missing.csv' cannot be read: no such file or directory [InputUnreadable]\n",
    });
  });

  test("from a folder", async () => {
    const result = await predict(["line.aprender", ".", "--input-format", "csv", "--json"]);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "InputUnreadable" });
  });

  test("as probabilities, by a regression", async () => {
    const result = await predict(["line.aprender", "--proba", "--json"], rows);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "NotAClassifier" });
  });
});
