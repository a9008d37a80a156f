import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { openInThread, pack, type PackDescription } from "andon";
import { identity, regression, softmax } from "../support/models.js";
import { andon, errorIn, freshFolder } from "./support/command.js";
import { keyPair, writeModel, writeTampered } from "./support/files.js";

const folder = freshFolder();
const inspect = (...args: string[]): ReturnType<typeof andon> =>
  andon(["inspect", ...args], { cwd: folder.path() });

const full: PackDescription = {
  ...softmax,
  compatibility: "minor",
  model: {
    ...softmax.model,
    learning_rate: 0.5,
    max_iter: 1000,
    hyperparameters: { solver: "lbfgs" },
  },
  features: [
    { name: "x", type: "int32" },
    { name: "y", nullable: true },
  ],
  provenance: {
    git_commit: "0123abc",
    random_seed: "18446744073709551615",
    training_timestamp: 1_700_000_000,
    platform: "linux",
  },
};

describe("the page for people", () => {
  test("says everything, aligned", async () => {
    await writeModel(folder.path("m.aprender"), full);
    const { code, stdout, stderr } = await inspect("m.aprender");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.replaceAll(/ +\d+ B +[0-9a-f]{64}/g, "  SIZE  SHA256")).toBe(
      `m.aprender
  ✔ Intact, not signed

Model
  type                logistic regression
  task                classification
  classes             east, north, neither
  learning rate       0.5
  iterations at most  1000
  solver              lbfgs
  version             1.2.3
  compatibility       minor
  id                  ${identity.model_id}
  format              aprender 2, schema 2

Features (2)
  x  int32
  y  float64  nullable

Provenance
  trained      2023-11-14 22:13:20 UTC
  random seed  18446744073709551615
  git commit   0123abc
  platform     linux

Tensors (2)
  coefficients  F64  3 × 2
  intercept     F64  3

Files (3)
  manifest.json  SIZE  SHA256
  metadata.pb  SIZE  SHA256
  weights.safetensors  SIZE  SHA256
`,
    );
  });

  test("names the signer whom one trusts, and does not refuse the others", async () => {
    const acme = keyPair();
    await writeModel(folder.path("m.aprender"), regression, acme.seed);
    const trusting = await inspect("--trust", `Acme=${acme.base64}`, "m.aprender");
    expect(trusting.stdout).toContain(
      `\n  ✔ Verified, signed by Acme, whom you trust\n  key ${acme.base64}\n`,
    );
    const doubting = await inspect("--trust", `Other=${keyPair().base64}`, "m.aprender");
    expect(doubting.code).toBe(0);
    expect(doubting.stdout).toContain("✔ Intact, signed by a key you have not named\n");
  });

  test("cuts long lists", async () => {
    const features = Array.from({ length: 100 }, (_, i) => ({ name: `feature ${i}` }));
    const weights = { coefficients: features.map(() => 1), intercept: [0] };
    await writeModel(folder.path("m.aprender"), { ...regression, features, weights });
    const { stdout } = await inspect("m.aprender");
    expect(stdout).toContain("Features (100)");
    expect(stdout).toContain("\n  … and 60 more\n");
    expect(stdout).not.toContain("feature 40");
  });

  test("cuts a long list of classes", async () => {
    const labels = Array.from({ length: 60 }, (_, i) => `class ${i}`);
    await writeModel(folder.path("m.aprender"), {
      ...softmax,
      model: { type: "logistic_regression", class_labels: labels },
      weights: { coefficients: labels.map(() => [1, 1]), intercept: labels.map(() => 0) },
    });
    const { stdout } = await inspect("m.aprender");
    expect(stdout).toMatch(/classes .*class 10, class 11, … and 48 more/);
  });

  test("shows what a hostile maker wrote, and does not obey it", async () => {
    const hostile = "\u001b]0;owned\u0007\u202e\u2066\r\u009b2Jx";
    await writeModel(folder.path("m.aprender"), {
      ...regression,
      features: [{ name: hostile }, { name: "b" }],
      model: { type: "ridge", hyperparameters: { [hostile]: hostile } },
      provenance: { platform: hostile, git_commit: "y".repeat(5000), training_timestamp: 2 ** 52 },
    });
    const { code, stdout } = await inspect("m.aprender");
    expect(code).toBe(0);
    expect(stdout).toContain("\\u{1b}]0;owned\\u{7}\\u{202e}\\u{2066}\\u{d}\\u{9b}2Jx");
    expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(stdout).toContain("… (5,000 characters)");
    expect(stdout).toContain("4503599627370496 s since 1970");
  });
});

describe("--json", () => {
  test("prints the whole description", async () => {
    const bytes = await pack(full);
    await writeFile(folder.path("m.aprender"), bytes);
    const { verdict, description } = await openInThread(bytes);
    const { code, stdout } = await inspect("--json", "m.aprender");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ file: "m.aprender", verdict, ...description });
  });

  test("escapes what a terminal would obey", async () => {
    const name = "a\u009b\u202eb";
    await writeModel(folder.path("m.aprender"), {
      ...regression,
      features: [{ name }, { name: "b" }],
    });
    const { stdout } = await inspect("--json", "m.aprender");
    expect(stdout).toContain("a\\u009b\\u202eb");
    expect(JSON.parse(stdout)).toMatchObject({ features: [{ name }, { name: "b" }] });
  });
});

describe("a file that is rejected", () => {
  test("says so, and nothing about a model", async () => {
    await writeTampered(folder.path("m.aprender"), regression);
    const { code, stdout, stderr } = await inspect("m.aprender");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^✘ Rejected: .* \[Zip\w+\]\n( {2}.*\n)+$/);
  });

  test("has its verdict in the JSON of the error", async () => {
    await writeTampered(folder.path("m.aprender"), regression);
    const result = await inspect("--json", "m.aprender");
    expect(result.code).toBe(2);
    expect(errorIn(result)).toMatchObject({ verdict: { integrity: "corrupt" } });
  });

  test("is not there", async () => {
    const { code, stderr } = await inspect("missing.aprender");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "andon: 'missing.aprender' cannot be read: no such file or directory [SourceUnreadable]\n",
    });
  });
});
