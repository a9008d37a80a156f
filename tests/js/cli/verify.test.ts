import { writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { regression } from "../support/models.js";
import { andon, errorIn, freshFolder, lines } from "./support/command.js";
import { keyPair, writeModel, writeTampered } from "./support/files.js";

const folder = freshFolder();
const acme = keyPair();
const other = keyPair();

beforeEach(async () => {
  await writeModel(folder.path("plain.aprender"), regression);
  await writeModel(folder.path("signed.aprender"), regression, acme.seed);
  await writeTampered(folder.path("tampered.aprender"), regression);
  await writeFile(folder.path("acme.pem"), acme.publicPem);
  await writeFile(folder.path("other.pem"), other.publicPem);
});

const verify = (...args: string[]): ReturnType<typeof andon> =>
  andon(["verify", ...args], { cwd: folder.path() });

describe("the exit code says the verdict", () => {
  test.each<[string, string[], number]>([
    ["unsigned, no keys named", ["plain.aprender"], 0],
    ["signed, no keys named", ["signed.aprender"], 0],
    ["signed by a trusted key", ["--trust", "acme.pem", "signed.aprender"], 0],
    [
      "signed by one of the trusted keys",
      ["--trust", "other.pem", "--trust", "acme.pem", "signed.aprender"],
      0,
    ],
    ["unsigned", ["--trust", "acme.pem", "plain.aprender"], 3],
    ["unsigned, but allowed", ["--trust", "acme.pem", "--allow-unsigned", "plain.aprender"], 0],
    ["signed by another key", ["--trust", "other.pem", "signed.aprender"], 3],
    [
      "signed by another key, but allowed",
      ["--trust", "other.pem", "--allow-unknown-signer", "signed.aprender"],
      0,
    ],
    [
      "another key allowed, but unsigned",
      ["--trust", "other.pem", "--allow-unknown-signer", "plain.aprender"],
      3,
    ],
    ["tampered with", ["tampered.aprender"], 2],
    [
      "tampered with, whatever is allowed",
      ["--trust", "acme.pem", "--allow-unsigned", "tampered.aprender"],
      2,
    ],
    ["no model at all", ["acme.pem"], 2],
    ["not there", ["missing.aprender"], 1],
    ["a folder", ["."], 1],
    ["several, all sound", ["plain.aprender", "signed.aprender"], 0],
    [
      "several, one refused",
      ["--trust", "acme.pem", "signed.aprender", "plain.aprender", "missing"],
      3,
    ],
    [
      "several, one rejected",
      ["--trust", "acme.pem", "tampered.aprender", "plain.aprender", "missing"],
      2,
    ],
    ["several, one not there", ["plain.aprender", "missing"], 1],
  ])("%s", async (_, args, code) => {
    const result = await verify(...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toBe("");
  });
});

describe("what a person reads", () => {
  test("names each file and its verdict", async () => {
    const { stdout } = await verify("--trust", "acme.pem", "signed.aprender", "plain.aprender");
    expect(stdout.split("\n")[0]).toBe(
      "signed.aprender  ✔ Verified, signed by acme, whom you trust",
    );
    expect(stdout.split("\n")[1]).toMatch(
      /^plain\.aprender {3}✘ Refused: .* \[SignatureMissing\]$/,
    );
  });

  test("without keys", async () => {
    expect((await verify("plain.aprender", "signed.aprender")).stdout).toBe(
      lines(
        "plain.aprender   ✔ Intact, not signed",
        "signed.aprender  ✔ Intact, signed by a key you have not named",
      ),
    );
  });

  test("says why", async () => {
    const { stdout } = await verify("tampered.aprender", "missing");
    expect(stdout).toMatch(/^tampered\.aprender {2}✘ Rejected: .* \[Zip\w+\]\n/);
    expect(stdout).toContain(
      "missing            ✘ Failed: 'missing' cannot be read: no such file or directory [SourceUnreadable]\n",
    );
  });
});

describe("--json prints a line a file", () => {
  const parsed = async (...args: string[]): Promise<unknown[]> =>
    (await verify("--json", ...args)).stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);

  test("of those accepted and those not", async () => {
    expect(
      await parsed("--trust", `Acme Inc.=acme.pem`, "signed.aprender", "plain.aprender"),
    ).toEqual([
      {
        file: "signed.aprender",
        accepted: true,
        verdict: {
          integrity: "ok",
          signature: "valid",
          trust: "trusted",
          signer: acme.base64,
          signerName: "Acme Inc.",
          reasons: expect.any(Array),
        },
      },
      {
        file: "plain.aprender",
        accepted: false,
        code: "SignatureMissing",
        message: expect.any(String),
        verdict: expect.objectContaining({ integrity: "ok", signature: "none", trust: "unknown" }),
      },
    ]);
  });

  test("of damage, and of files that are not there", async () => {
    expect(await parsed("tampered.aprender", "missing")).toEqual([
      expect.objectContaining({
        accepted: false,
        verdict: expect.objectContaining({ integrity: "corrupt" }),
      }),
      {
        file: "missing",
        accepted: false,
        code: "SourceUnreadable",
        message: "'missing' cannot be read: no such file or directory",
      },
    ]);
  });
});

describe("--trust takes", () => {
  const signerName = async (key: string): Promise<unknown> => {
    const { stdout } = await verify("--json", "--trust", key, "signed.aprender");
    const { accepted, verdict } = JSON.parse(stdout) as {
      accepted: boolean;
      verdict: { signerName: unknown };
    };
    return accepted && verdict.signerName;
  };

  test("a PEM file, called after itself", async () => {
    expect(await signerName("acme.pem")).toBe("acme");
  });

  test("a public key beside its private one, called after both", async () => {
    await writeFile(folder.path("acme.pub.pem"), acme.publicPem);
    expect(await signerName("acme.pub.pem")).toBe("acme");
  });

  test("a PEM file with a name", async () => {
    expect(await signerName("Acme=acme.pem")).toBe("Acme");
  });

  test("base64, with and without a name", async () => {
    expect(await signerName(acme.base64)).toBe(null);
    expect(await signerName(`Acme=${acme.base64}`)).toBe("Acme");
  });

  test("a file of base64", async () => {
    await writeFile(folder.path("key.txt"), `${acme.base64}\n`);
    expect(await signerName("key.txt")).toBe("key");
  });

  test.each<[string, string, string]>([
    ["a file that is not there", "missing.pem", "InputUnreadable"],
    ["a folder", ".", "InputUnreadable"],
    ["a file too large for a key", "large", "InputUnreadable"],
    ["a file that holds no key", "plain.txt", "KeyMalformed"],
    ["a private key", "private.pem", "KeyMalformed"],
  ])("not %s", async (_, key, code) => {
    await writeFile(folder.path("large"), Buffer.alloc(100_000));
    await writeFile(folder.path("plain.txt"), "no key");
    const pem = acme.privateKey.export({ type: "pkcs8", format: "pem" });
    await writeFile(folder.path("private.pem"), pem);
    const result = await verify("--json", "--trust", key, "signed.aprender");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code });
  });
});
