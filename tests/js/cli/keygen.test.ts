import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { openInThread } from "andon";
import { regression } from "../support/models.js";
import { andon, errorIn, freshFolder, type Result } from "./support/command.js";
import { AGREES, openssl } from "./support/openssl.js";
import { fakeTerminal, runIn, type Shown } from "./support/terminal.js";

const folder = freshFolder();
const keygen = (args: string[] = [], env: Record<string, string> = {}): Promise<Result> =>
  andon(["keygen", ...args], { cwd: folder.path(), env });
const text = (name: string): Promise<string> => readFile(folder.path(name), "utf8");
const mode = async (name: string): Promise<number> => (await stat(folder.path(name))).mode & 0o777;

describe("a new key", () => {
  test("is two PEM files and the public key in base64", async () => {
    const { code, stdout, stderr } = await keygen();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await readdir(folder.path())).toEqual(["key.pem", "key.pub.pem"]);
    const publicKey = createPublicKey(await text("key.pub.pem"));
    const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
    expect(stdout).toBe(`✔ key.pem, to be kept secret
  public key  key.pub.pem, for those who verify
  base64      ${raw.toString("base64")}
`);
    const signature = sign(null, Buffer.from("text"), createPrivateKey(await text("key.pem")));
    expect(verify(null, Buffer.from("text"), publicKey, signature)).toBe(true);
  });

  test("is named by --output, and described by --json", async () => {
    const { stdout } = await keygen(["-o", "acme.pem", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      file: "acme.pem",
      publicFile: "acme.pub.pem",
      publicKey: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    });
    await keygen(["-o", "plain"]);
    expect(await readdir(folder.path())).toContain("plain.pub.pem");
  });

  test("is another one each time", async () => {
    await keygen(["-o", "a.pem"]);
    await keygen(["-o", "b.pem"]);
    expect(await text("a.pem")).not.toBe(await text("b.pem"));
  });

  test("can be read by its owner only", async () => {
    await keygen();
    expect(await mode("key.pem")).toBe(0o600);
    expect((await mode("key.pub.pem")) & 0o600).toBe(0o600);
  });

  test("replaces nothing, neither key nor public key nor link", async () => {
    await writeFile(folder.path("key.pem"), "precious");
    await writeFile(folder.path("b.pub.pem"), "precious");
    await symlink("nowhere", folder.path("c.pem"));
    const before = await readdir(folder.path());
    for (const output of ["key.pem", "b.pem", "c.pem"]) {
      const result = await keygen(["-o", output, "--json"]);
      expect(result.code).toBe(1);
      expect(errorIn(result)).toMatchObject({ code: "OutputExists" });
    }
    expect(await readdir(folder.path())).toEqual(before);
    expect(await text("key.pem")).toBe("precious");
  });

  test("is not made where it cannot be written", async () => {
    const result = await keygen(["-o", "missing/key.pem", "--json"]);
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "OutputUnwritable" });
  });

  test("is one that openssl reads", async () => {
    await keygen();
    await writeFile(folder.path("text"), "text");
    const args = ["pkeyutl", "-sign", "-rawin", "-in", "text", "-inkey", "key.pem", "-out", "sig"];
    expect(AGREES).toContain(openssl(args, folder.path()));
    const check = ["-rawin", "-in", "text", "-pubin", "-inkey", "key.pub.pem", "-sigfile", "sig"];
    expect(AGREES).toContain(openssl(["pkeyutl", "-verify", ...check], folder.path()));
  });
});

describe("a passphrase", () => {
  const typed = async (...lines: string[]): Promise<Shown> => {
    const terminal = fakeTerminal();
    terminal.stderr.on("data", () => {
      const line = lines.shift();
      if (line !== undefined) setImmediate(() => terminal.stdin.write(line));
    });
    return runIn(terminal, ["keygen", "-o", folder.path("key.pem"), "--passphrase"]);
  };
  const opens = async (passphrase: string): Promise<void> => {
    const pem = await text("key.pem");
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    expect(() => createPrivateKey({ key: pem, passphrase: "wrong" })).toThrow();
    expect(createPrivateKey({ key: pem, passphrase }).asymmetricKeyType).toBe("ed25519");
  };

  test("comes from the environment", async () => {
    expect(await keygen(["--passphrase"], { ANDON_PASSPHRASE: "sesame" })).toMatchObject({
      code: 0,
    });
    await opens("sesame");
    const args = ["pkey", "-in", "key.pem", "-passin", "pass:sesame", "-noout"];
    expect(AGREES).toContain(openssl(args, folder.path()));
  });

  test("is typed twice, unseen", async () => {
    const { code, stdout, stderr } = await typed("sesame\n", "sesame\n");
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain("sesame");
    await opens("sesame");
  });

  test.each<[string, string[], string]>([
    ["two different ones", ["sesame\n", "sesamy\n"], "the two passphrases differ"],
    ["an empty one", ["\n"], "the passphrase is empty"],
    ["none at all", ["\u0004"], "no passphrase was given"],
  ])("is not %s", async (_, lines, message) => {
    const { code, stderr } = await typed(...lines);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(await readdir(folder.path())).toEqual([]);
  });

  test("is asked of nobody without a terminal", async () => {
    const { code, stderr } = await keygen(["--passphrase"]);
    expect(code).toBe(1);
    expect(stderr).toContain("set ANDON_PASSPHRASE");
  });
});

describe("signing takes", () => {
  const signer = async (key: string, env: Record<string, string> = {}): Promise<unknown> => {
    await writeFile(folder.path("line.json"), JSON.stringify(regression));
    const args = ["pack", "line.json", "--sign-key", key, "--json"];
    const { stdout } = await andon(args, { cwd: folder.path(), env });
    const { verdict } = await openInThread(await readFile(folder.path("line.aprender")));
    expect(verdict.signature).toBe("valid");
    const packed = JSON.parse(stdout) as { signer: string };
    expect(packed.signer).toBe(verdict.signer);
    return packed.signer;
  };
  const made = async (...args: string[]): Promise<string> => {
    const { stdout } = await keygen([...args, "--json"], { ANDON_PASSPHRASE: "sesame" });
    return (JSON.parse(stdout) as { publicKey: string }).publicKey;
  };

  test("a key of keygen", async () => {
    const publicKey = await made();
    expect(await signer("key.pem")).toBe(publicKey);
  });

  test("an encrypted key of keygen", async () => {
    const publicKey = await made("--passphrase");
    expect(await signer("key.pem", { ANDON_PASSPHRASE: "sesame" })).toBe(publicKey);
  });

  test("32 raw bytes", async () => {
    const publicKey = await made();
    const { d } = createPrivateKey(await text("key.pem")).export({ format: "jwk" });
    await writeFile(folder.path("key.seed"), Buffer.from(d ?? "", "base64url"));
    expect(await signer("key.seed")).toBe(publicKey);
  });

  test("a key of openssl", async () => {
    const args = ["genpkey", "-algorithm", "ed25519", "-out", "key.pem"];
    if (openssl(args, folder.path()) === undefined) return;
    const { x } = createPublicKey(await text("key.pem")).export({ format: "jwk" });
    expect(await signer("key.pem")).toBe(Buffer.from(x ?? "", "base64url").toString("base64"));
  });
});

test("takes no operand", async () => {
  expect((await keygen(["key.pem"])).stderr).toContain("'key.pem' is one operand too many");
});
