import { createHash, generateKeyPairSync } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { openInThread, pack as packInMemory, type PackDescription } from "andon";
import { identity, regression } from "../support/models.js";
import { andon, errorIn, freshFolder, type Result } from "./support/command.js";
import { keyPair, type KeyPair } from "./support/files.js";
import { fakeTerminal, runIn } from "./support/terminal.js";

const folder = freshFolder();
const acme = keyPair();

const pem = (pair: KeyPair, passphrase?: string): string =>
  pair.privateKey
    .export({
      type: "pkcs8",
      format: "pem",
      ...(passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase }),
    })
    .toString();

const describeAs = (description: unknown): Promise<void> =>
  writeFile(folder.path("line.json"), JSON.stringify(description));

beforeEach(async () => {
  await describeAs(regression);
  await writeFile(folder.path("key.pem"), pem(acme));
  await writeFile(folder.path("locked.pem"), pem(acme, "open sesame"));
});

const pack = (args: string[], env: Record<string, string> = {}): Promise<Result> =>
  andon(["pack", ...args], { cwd: folder.path(), env });

const packed = (name = "line.aprender"): Promise<Buffer> => readFile(folder.path(name));

describe("a package", () => {
  test("goes beside its description, and says its size and hash", async () => {
    const { code, stdout, stderr } = await pack(["line.json"]);
    const bytes = await packed();
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      `✔ line.aprender
  size       ${(bytes.length / 1000).toFixed(1)} kB
  sha256     ${sha256}
  model id   ${identity.model_id}
  signed by  nobody
`,
    );
  });

  test("is what pack() makes", async () => {
    await pack(["line.json", "-o", "out.aprender"]);
    expect(await packed("out.aprender")).toEqual(Buffer.from(await packInMemory(regression)));
  });

  test("gets an id where the description has none", async () => {
    await describeAs({ ...regression, model_id: undefined });
    const { stdout } = await pack(["line.json", "--json"]);
    const { modelId } = JSON.parse(stdout) as { modelId: string };
    expect(modelId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect((await openInThread(await packed())).description.modelId).toBe(modelId);
  });

  test("takes weights from safetensors and attaches files", async () => {
    const header = JSON.stringify({
      coefficients: { dtype: "F64", shape: [2], data_offsets: [0, 16] },
      intercept: { dtype: "F64", shape: [1], data_offsets: [16, 24] },
    }).padEnd(168);
    const file = Buffer.alloc(8 + header.length + 24);
    file.writeBigUInt64LE(BigInt(header.length));
    file.write(header, 8);
    [2, -3, 0.5].forEach((value, i) => file.writeDoubleLE(value, 8 + header.length + i * 8));
    await writeFile(folder.path("w.safetensors"), file);
    await writeFile(folder.path("curve.csv"), "1,2");
    await describeAs({ ...regression, weights: undefined });
    const args = ["--weights", "w.safetensors", "--attach", "training/curve.csv=curve.csv"];
    expect(await pack(["line.json", ...args])).toMatchObject({ code: 0 });
    const model = await openInThread(await packed());
    expect(model.predict({ height: 1, width: 1 })).toEqual({ prediction: -0.5 });
    expect(model.description.files.map(({ name }) => name)).toContain("training/curve.csv");
  });

  test("is described in JSON with --json", async () => {
    const { code, stdout } = await pack(["line.json", "--json", "--sign-key", "key.pem"]);
    const bytes = await packed();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      file: "line.aprender",
      size: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      modelId: identity.model_id,
      signer: acme.base64,
    });
  });

  test("is readable as any new file is", async () => {
    await pack(["line.json"]);
    const mode = async (name: string): Promise<number> => (await stat(folder.path(name))).mode;
    expect(await mode("line.aprender")).toBe(await mode("line.json"));
  });
});

describe("a file that exists", () => {
  test("is not replaced", async () => {
    await writeFile(folder.path("line.aprender"), "precious");
    const result = await pack(["line.json", "--json"]);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "OutputExists" });
    expect((await packed()).toString()).toBe("precious");
  });

  test.each(["--force", "-f"])("is replaced with %s", async (force) => {
    await writeFile(folder.path("line.aprender"), "old");
    expect((await pack(["line.json", force])).code).toBe(0);
    expect((await openInThread(await packed())).verdict.integrity).toBe("ok");
  });

  test("stays when packing fails", async () => {
    await writeFile(folder.path("line.aprender"), "old");
    await describeAs({ ...regression, version: "one" });
    const before = await readdir(folder.path());
    expect((await pack(["line.json", "--force"])).code).toBe(2);
    expect(await readdir(folder.path())).toEqual(before);
    expect((await packed()).toString()).toBe("old");
  });
});

describe("a signature", () => {
  const verdict = async (): Promise<object> =>
    (await openInThread(await packed(), { trust: [{ key: acme.base64 }] })).verdict;

  test("of a key as openssl makes it", async () => {
    const { stdout } = await pack(["line.json", "--sign-key", "key.pem"]);
    expect(stdout).toContain(`\n  signed by  ${acme.base64}\n`);
    expect(await verdict()).toMatchObject({ trust: "trusted", signer: acme.base64 });
  });

  test("of a key whose passphrase is in the environment", async () => {
    const env = { ANDON_PASSPHRASE: "open sesame" };
    expect((await pack(["line.json", "--sign-key", "locked.pem"], env)).code).toBe(0);
    expect(await verdict()).toMatchObject({ trust: "trusted" });
  });

  test("of a key whose passphrase is typed, which nobody sees", async () => {
    const terminal = fakeTerminal();
    terminal.stderr.once("data", () => terminal.stdin.write("open sesame\n"));
    const args = ["pack", folder.path("line.json"), "--sign-key", folder.path("locked.pem")];
    const { code, stdout, stderr } = await runIn(terminal, args);
    expect(code).toBe(0);
    expect(stderr).toBe(`Passphrase of ${folder.path("locked.pem")}: \n`);
    expect(stdout).not.toContain("sesame");
    expect(await verdict()).toMatchObject({ trust: "trusted" });
  });

  test.each<[string, string, Record<string, string>, string]>([
    ["a passphrase is wrong", "locked.pem", { ANDON_PASSPHRASE: "wrong" }, "KeyMalformed"],
    ["a passphrase is missing", "locked.pem", {}, "InvalidArgument"],
    ["the key is not there", "missing.pem", {}, "InputUnreadable"],
    ["the key is none", "line.json", {}, "KeyMalformed"],
    ["the key is a public one", "public.pem", {}, "KeyMalformed"],
    ["the key is of another kind", "ec.pem", {}, "KeyMalformed"],
    ["the key is an X25519 one", "x25519.pem", {}, "KeyMalformed"],
  ])("is not made when %s", async (_, key, env, code) => {
    const options = { type: "pkcs8", format: "pem" } as const;
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(options);
    const x25519 = generateKeyPairSync("x25519").privateKey.export(options);
    await writeFile(folder.path("ec.pem"), ec);
    await writeFile(folder.path("x25519.pem"), x25519);
    await writeFile(folder.path("public.pem"), acme.publicPem);
    const result = await pack(["line.json", "--json", "--sign-key", key], env);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code });
    expect(await readdir(folder.path())).not.toContain("line.aprender");
  });
});

describe("a description is refused", () => {
  const withSeed = (seed: string): string =>
    JSON.stringify({ ...regression, provenance: { random_seed: 0 } }).replace(
      '"random_seed":0',
      `"random_seed":${seed}`,
    );

  test.each<[string, string, string, number]>([
    ["that is not JSON", "{", "DescriptionMalformed", 2],
    ["that is not UTF-8", "\ufffd", "DescriptionMalformed", 2],
    ["that is an array", "[]", "DescriptionMalformed", 2],
    ["that is null", "null", "DescriptionMalformed", 2],
    ["that lacks the model", '{"version":"1.0.0"}', "DescriptionMalformed", 2],
    [
      "whose version is none",
      JSON.stringify({ ...regression, version: "1" }),
      "ModelVersionInvalid",
      2,
    ],
    ["whose id is none", JSON.stringify({ ...regression, model_id: "1" }), "ModelIdInvalid", 2],
    ["whose seed JSON cannot hold", withSeed("18446744073709551615"), "DescriptionMalformed", 2],
  ])("%s", async (_, text, code, exit) => {
    await writeFile(folder.path("line.json"), text);
    const result = await pack(["line.json", "--json"]);
    expect(errorIn(result)).toMatchObject({ code });
    expect(result.code).toBe(exit);
    expect(await readdir(folder.path())).not.toContain("line.aprender");
  });

  test("but not for a large seed as text", async () => {
    const seed = "18446744073709551615";
    await describeAs({
      ...regression,
      provenance: { random_seed: seed },
    } satisfies PackDescription);
    expect((await pack(["line.json"])).code).toBe(0);
    expect((await openInThread(await packed())).description.provenance.randomSeed).toBe(seed);
  });

  test.each([
    ["that is not there", ["missing.json"]],
    ["whose weights are not there", ["line.json", "--weights", "missing"]],
    ["whose attachment is not there", ["line.json", "--attach", "a=missing"]],
  ])("%s", async (_, args) => {
    const result = await pack([...args, "--json"]);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "InputUnreadable" });
  });

  test("with a name attached twice", async () => {
    const attach = ["--attach", "a=key.pem", "--attach", "a=key.pem"];
    expect((await pack(["line.json", ...attach])).stderr).toContain("'a' is attached twice");
  });

  test("with an output in no folder", async () => {
    const result = await pack(["line.json", "--json", "-o", "missing/m.aprender"]);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "OutputUnwritable" });
  });
});
