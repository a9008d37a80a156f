// The verbs on experts: what they make, show and refuse.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  type Expert,
  issueCertificate,
  issueRevocationList,
  open,
  packExpert,
  type ExpertPackOptions,
} from "andon";
import { regression } from "../support/models.js";
import { andon, errorIn, finish, freshFolder, start, type Result } from "./support/command.js";
import { keyPair, type KeyPair, writeModel } from "./support/files.js";
import { AGREES, DISAGREES, openssl } from "./support/openssl.js";
import { adapter, BASE_CONFIG, CONFIG, writePeftFolder } from "./support/peft.js";
import { fakeTerminal, plain, runIn } from "./support/terminal.js";

const folder = freshFolder();
const root = keyPair();
const ada = keyPair();
const HOUR = 3600;
const now = (): number => Math.floor(Date.now() / 1000);
const METADATA = { name: "expert-sql", version: "1.2.3" };
const NAMED = ["--name", "expert-sql", "--release-version", "1.2.3"];

const run = (...args: string[]): Promise<Result> => andon(args, { cwd: folder.path() });
const bytesOf = (name: string): Promise<Buffer> => readFile(folder.path(name));
const opened = (name: string): Promise<Expert> => open(folder.path(name), { kind: "expert" });

async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

async function refused(exit: number, ...args: string[]): Promise<unknown> {
  const result = await run(...args, "--json");
  expect(result.code).toBe(exit);
  return errorIn(result)["code"];
}

/** An expert without the command. */
async function write(name: string, options: ExpertPackOptions = {}): Promise<void> {
  const files = {
    "adapter_config.json": new TextEncoder().encode(JSON.stringify(CONFIG)),
    "adapter_model.safetensors": adapter(),
    "README.md": new TextEncoder().encode("# SQL\n"),
  };
  const metadata = { ...METADATA, ...options.metadata };
  const { bytes } = await packExpert(files, { ...options, metadata });
  await writeFile(folder.path(name), bytes);
}

const chain = async (scope = "expert-*", notAfter = now() + HOUR): Promise<Uint8Array> =>
  issueCertificate(
    { role: "signer", name: "Ada", scope, subject: ada.base64, notBefore: 0, notAfter },
    root.seed,
  );

async function writeKey(name: string, { privateKey, publicPem }: KeyPair): Promise<void> {
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  await writeFile(folder.path(`${name}.pem`), pem);
  await writeFile(folder.path(`${name}.pub.pem`), publicPem);
}

beforeEach(async () => {
  await writePeftFolder(folder.path("sql"));
  await writeKey("ada", ada);
  await writeKey("root", root);
  await writeFile(folder.path("ada.cert"), await chain());
});

describe("pack of a folder", () => {
  test("makes an expert beside it", async () => {
    const stdout = await done("pack", "sql", ...NAMED);
    const bytes = await bytesOf("sql.expert");
    expect(stdout).toContain("✔ sql.expert\n  expert     expert-sql 1.2.3\n  format     2.0\n");
    expect(stdout).toContain(createHash("sha256").update(bytes).digest("hex"));
    expect(stdout).toMatch(/\n {2}signed by {2}nobody\n$/);
    const expert = await opened("sql.expert");
    expect(expert.manifest).toMatchObject(METADATA);
    expect(expert.description.layers).toEqual([0, 1]);
    expect(await expert.text("grammar")).toContain("SELECT");
    await expert.verifyIntegrity();
    expert.dispose();
  });

  test("takes metadata from options, a file and the folder, in this order", async () => {
    const own = { ...METADATA, name: "expert-own", author: "own", license: "MIT", tags: ["own"] };
    await writeFile(folder.path("sql/expert.json"), JSON.stringify(own));
    const file = { name: "expert-file", author: "file" };
    await writeFile(folder.path("extra.json"), JSON.stringify(file));
    await done(
      ...["pack", "sql", "--metadata", "extra.json", "--name", "expert-option"],
      ...["--release-counter", "7", "--description", "For SQL."],
    );
    const { manifest } = await opened("sql.expert");
    expect(manifest).toMatchObject({
      name: "expert-option",
      author: "file",
      license: "MIT",
      tags: ["own"],
      release_counter: 7,
      description: "For SQL.",
    });
  });

  test("signs, with certificates or the bare key", async () => {
    await done("pack", "sql", ...NAMED, "--sign-key", "ada.pem", "--cert", "ada.cert", "-o", "a");
    await done("pack", "sql", ...NAMED, "--sign-key", "ada.pem", "-o", "b");
    expect(await done("verify", "--trust", "root.pub.pem", "a")).toContain("signed by Ada, whom");
    expect(await done("verify", "--trust", "ada.pub.pem", "b")).toContain("signed by ada, whom");
  });

  test("writes version 1, other levels and other values", async () => {
    await done("pack", "sql", ...NAMED, "-o", "plain.expert");
    const old = await done("pack", "sql", ...NAMED, "--format", "1", "-o", "old.expert");
    expect(old).toContain("! Version 1 is deprecated");
    expect((await opened("old.expert")).description.formatVersion).toBe("1.0");
    await done("pack", "sql", ...NAMED, "--dtype", "bf16", "-o", "half.expert");
    const [module] = (await (await opened("half.expert")).layer(0)).modules;
    expect(module?.dtype).toBe("BF16");
    await done("pack", "sql", ...NAMED, "--compression-level", "19", "-o", "small.expert");
    expect((await bytesOf("small.expert")).length).toBeLessThanOrEqual(
      (await bytesOf("plain.expert")).length,
    );
  });

  test("follows links, goes into folders, and leaves out what is hidden", async () => {
    await mkdir(folder.path("sql/tests"));
    await writeFile(folder.path("sql/tests/a.json"), "{}");
    await writeFile(folder.path("sql/.git"), "hidden");
    await writeFile(folder.path("elsewhere.txt"), "linked");
    await symlink("../elsewhere.txt", folder.path("sql/notes.txt"));
    await done("pack", "sql", ...NAMED);
    const expert = await opened("sql.expert");
    expect((await expert.attachments()).sort()).toEqual(
      expect.arrayContaining(["notes.txt", "tests/a.json"]),
    );
    expect(await expert.attachments()).not.toContain(".git");
  });

  test("describes it in JSON", async () => {
    const stdout = await done("pack", "sql", ...NAMED, "--sign-key", "ada.pem", "--json");
    const bytes = await bytesOf("sql.expert");
    expect(JSON.parse(stdout)).toMatchObject({
      file: "sql.expert",
      size: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      signer: ada.base64,
      name: "expert-sql",
      formatVersion: "2.0",
      sections: expect.any(Array),
    });
  });

  test.each<[string, string[], number, string]>([
    ["no name", [], 2, "ExpertMetadataField"],
    ["a name that is none", ["--name", "sql"], 2, "ExpertMetadataField"],
    ["metadata that is none", ["--metadata", "ada.pem"], 2, "ExpertMetadataField"],
    ["metadata that is a list", ["--metadata", "list.json"], 2, "ExpertMetadataField"],
    ["a format that there is not", ["--format", "3"], 1, "InvalidArgument"],
    ["a level that there is not", ["--compression-level", "20"], 1, "InvalidArgument"],
    ["a type that there is not", ["--dtype", "int8"], 1, "InvalidArgument"],
    ["a counter that is none", ["--release-counter", "-1"], 1, "InvalidArgument"],
    ["certificates without a key", ["--cert", "ada.cert"], 1, "InvalidArgument"],
    [
      "certificates of another key",
      ["--cert", "ada.cert", "--sign-key", "root.pem"],
      2,
      "ChainBroken",
    ],
    ["weights of a model", ["--weights", "x"], 1, "InvalidArgument"],
  ])("is refused with %s", async (_, args, exit, code) => {
    await writeFile(folder.path("list.json"), "[]");
    const named = code === "ExpertMetadataField" && !args.includes("--metadata") ? [] : NAMED;
    expect(await refused(exit, "pack", "sql", ...named, ...args)).toBe(code);
    expect(await readdir(folder.path())).not.toContain("sql.expert");
  });

  test("is refused for another name than its certificates cover", async () => {
    await writeFile(folder.path("other.cert"), await chain("expert-other"));
    const signing = ["--sign-key", "ada.pem", "--cert", "other.cert"];
    expect(await refused(3, "pack", "sql", ...NAMED, ...signing)).toBe("ScopeMismatch");
  });

  test("is refused of half an adapter or of nothing, and leaves nothing", async () => {
    await mkdir(folder.path("empty"));
    await rm(folder.path("sql/adapter_model.safetensors"));
    const before = await readdir(folder.path());
    expect(await refused(1, "pack", "empty", ...NAMED)).toBe("InputUnreadable");
    expect(await refused(2, "pack", "sql", ...NAMED)).toBe("PeftTensorMissing");
    expect(await readdir(folder.path())).toEqual(before);
  });

  test("notes that there is no adapter", async () => {
    await rm(folder.path("sql/adapter_model.safetensors"));
    await rm(folder.path("sql/adapter_config.json"));
    expect(await done("pack", "sql", ...NAMED)).toContain("\n  ! It has no adapter");
  });

  test("replaces nothing without --force, and nothing when it fails", async () => {
    await writeFile(folder.path("sql.expert"), "old");
    expect(await refused(1, "pack", "sql", ...NAMED)).toBe("OutputExists");
    expect(await refused(2, "pack", "sql", "--force")).toBe("ExpertMetadataField");
    expect((await bytesOf("sql.expert")).toString()).toBe("old");
    await done("pack", "sql", ...NAMED, "--force");
    expect((await bytesOf("sql.expert")).length).toBeGreaterThan(100);
  });

  test("fails where the output is full", async () => {
    if (!existsSync("/dev/full")) return;
    const code = await refused(1, "pack", "sql", ...NAMED, "--force", "-o", "/dev/full");
    expect(code).toBe("OutputUnwritable");
  });

  test("a description takes no option of experts", async () => {
    await writeFile(folder.path("line.json"), JSON.stringify(regression));
    expect(await refused(1, "pack", "line.json", "--format", "2")).toBe("InvalidArgument");
  });
});

/** What does not compress, so that it takes a while. */
function noise(megabytes: number): Buffer {
  const bytes = Buffer.alloc(megabytes * 1_000_000);
  for (let i = 0, state = 1; i < bytes.length; i += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes.writeInt32LE(state, i);
  }
  return bytes;
}

test("Ctrl-C while an expert is packed leaves nothing", async () => {
  for (const name of ["a", "b", "c", "d"]) await writeFile(folder.path(`sql/${name}`), noise(24));
  const before = await readdir(folder.path());
  const args = ["pack", "sql", ...NAMED, "--compression-level", "19"];
  const child = start(args, { cwd: folder.path() });
  while ((await readdir(folder.path())).length === before.length) await pause(20);
  child.kill("SIGINT");
  expect((await finish(child)).code).toBe(130);
  expect(await readdir(folder.path())).toEqual(before);
});

describe("inspect of an expert", () => {
  test("shows what it is, who signed it and what it holds", async () => {
    await write("a.expert", {
      signingKey: ada.seed,
      chain: await chain(),
      metadata: { description: "Writes SQL", limitations: [{ description: "English only" }] },
    });
    const stdout = await done("inspect", "--trust", "Acme=root.pub.pem", "a.expert");
    expect(stdout).toMatch(/^a\.expert\n {2}✔ Verified, signed by Ada, whom you trust\n/);
    expect(stdout).toContain("certified by 'Acme'");
    expect(stdout).toMatch(/name +expert-sql\n/);
    expect(stdout).toMatch(/what it is for +Writes SQL\n/);
    expect(stdout).toMatch(/Limitations\n {2}English only\n/);
    expect(stdout).toMatch(/Sections \(\d+\): [\d.]+ kB in [\d.]+ kB, \d+ %\n/);
    expect(stdout).toMatch(/\n +\d+ {2}params +layer 0 /);
    expect(stdout).toMatch(/\n +\d+ {2}docs /);
  });

  test("as JSON is its description", async () => {
    await write("a.expert");
    const { description, verdict } = await opened("a.expert");
    const json: unknown = JSON.parse(await done("inspect", "--json", "a.expert"));
    expect(json).toEqual({ file: "a.expert", verdict, ...description });
  });

  test("--list-sections and --dump-metadata show these alone", async () => {
    await write("a.expert");
    const { description } = await opened("a.expert");
    const list = await done("inspect", "--list-sections", "a.expert");
    expect(list.trimEnd().split("\n")).toHaveLength(description.sections.length);
    expect(JSON.parse(await done("inspect", "--list-sections", "--json", "a.expert"))).toEqual(
      description.sections,
    );
    expect(JSON.parse(await done("inspect", "--dump-metadata", "a.expert"))).toEqual(
      description.manifest,
    );
  });

  test("are not there for a model", async () => {
    await writeModel(folder.path("m.aprender"), regression);
    expect(await refused(1, "inspect", "--list-sections", "m.aprender")).toBe("KindMismatch");
    expect(await refused(1, "inspect", "--dump-metadata", "m.aprender")).toBe("KindMismatch");
  });

  test("does not let it change the terminal", async () => {
    const hostile = "SQL\u001b[2J\u202e";
    await write("a.expert", { metadata: { description: hostile, tags: [hostile] } });
    for (const args of [[], ["--json"], ["--dump-metadata"]]) {
      const stdout = await done("inspect", ...args, "a.expert");
      for (const character of ["\u001b", "\u202e"]) expect(stdout).not.toContain(character);
    }
  });

  test("does not say of all of it what only its head shows", async () => {
    await write("a.expert");
    expect(await done("inspect", "a.expert")).toContain("✔ Head intact, not signed");
  });

  test("notes that version 1 is deprecated", async () => {
    await write("old.expert", { version: 1 });
    expect(await done("inspect", "old.expert")).toMatch(/\n {2}! .*deprecated/i);
  });
});

describe("a signature for openssl", () => {
  const check = (): boolean | undefined => {
    const files = ["-in", "message.bin", "-sigfile", "signature.bin", "-inkey", "public.pem"];
    return openssl(["pkeyutl", "-verify", "-rawin", "-pubin", ...files], folder.path("out"));
  };

  test("is confirmed by it, and names the key", async () => {
    await write("a.expert", { signingKey: ada.seed, chain: await chain() });
    await done("inspect", "--dump-signature", "out", "a.expert");
    expect(AGREES).toContain(check());
    expect((await bytesOf("out/public.pem")).toString()).toBe(ada.publicPem);
    expect(await bytesOf("out/certificates.bin")).toHaveLength(420);
  });

  test("is refuted by it where the file was changed", async () => {
    await write("a.expert", { signingKey: ada.seed });
    const bytes = await bytesOf("a.expert");
    bytes.writeUInt8(bytes.readUInt8(0x80) ^ 1, 0x80);
    await writeFile(folder.path("a.expert"), bytes);
    const result = await run("inspect", "--dump-signature", "out", "a.expert");
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("[SignatureInvalid]");
    expect(DISAGREES).toContain(check());
  });

  test("made by openssl is one that we confirm", async () => {
    await write("a.expert", { signingKey: ada.seed });
    await done("inspect", "--dump-signature", "out", "a.expert");
    const args = ["pkeyutl", "-sign", "-rawin", "-in", "out/message.bin", "-inkey", "ada.pem"];
    if (openssl([...args, "-out", "sig"], folder.path()) === undefined) return;
    const bytes = await bytesOf("a.expert");
    (await bytesOf("sig")).copy(bytes.fill(0, 0x34, 0x74), 0x34);
    await writeFile(folder.path("b.expert"), bytes);
    expect(await done("verify", "--trust", "ada.pub.pem", "b.expert")).toContain("✔ Verified");
  });

  test.each<[string, () => Promise<void>, number, string]>([
    ["an unsigned file", () => write("x"), 3, "SignatureMissing"],
    ["version 1", () => write("x", { version: 1 }), 2, "UnknownFormat"],
    ["no expert", () => writeFile(folder.path("x"), "text".repeat(100)), 2, "UnknownFormat"],
    [
      "a file that is cut off",
      () => writeFile(folder.path("x"), "HLLMEXP\0"),
      2,
      "ExpertTruncated",
    ],
    ["no file", () => Promise.resolve(), 1, "InputUnreadable"],
  ])("is not there for %s", async (_, make, exit, code) => {
    await make();
    expect(await refused(exit, "inspect", "--dump-signature", "out", "x")).toBe(code);
  });

  test("is not taken from a head that lies", async () => {
    await write("a.expert", { signingKey: ada.seed });
    const bytes = await bytesOf("a.expert");
    bytes.writeUInt32LE(0xffffffc0, 0x0c);
    await writeFile(folder.path("x"), bytes);
    expect(await refused(2, "inspect", "--dump-signature", "out", "x")).toBe("ExpertHeaderSize");
  });
});

describe("verify of an expert", () => {
  const signed = { signingKey: ada.seed };
  const store = ["--trust-store", "store.json"];

  test("judges its head, or all of it", async () => {
    await write("a.expert");
    expect(await done("verify", "a.expert")).toBe("a.expert  ✔ Head intact, not signed\n");
    expect(await done("verify", "--verify-integrity", "a.expert")).toBe(
      "a.expert  ✔ Intact, not signed\n",
    );
    const bytes = await bytesOf("a.expert");
    const last = bytes.length - 1;
    bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last);
    await writeFile(folder.path("a.expert"), bytes);
    expect((await run("verify", "a.expert")).code).toBe(0);
    const result = await run("verify", "--verify-integrity", "a.expert");
    expect(result.code).toBe(2);
    expect(result.stdout).toMatch(/✘ Rejected: .* \[Expert(SectionHash|FileHash)\]/);
  });

  test("compares it with a base model", async () => {
    await write("a.expert");
    await writeFile(folder.path("config.json"), JSON.stringify(BASE_CONFIG));
    await writeFile(folder.path("other.json"), JSON.stringify({ ...BASE_CONFIG, hidden_size: 32 }));
    await writeFile(folder.path("none.json"), "{}");
    await done("verify", "--base-config", "config.json", "a.expert");
    const other = await run("verify", "--base-config", "other.json", "a.expert");
    expect(other.code).toBe(2);
    expect(other.stdout).toContain("[BaseShapeMismatch]");
    expect((await run("verify", "--base-config", "none.json", "a.expert")).code).toBe(1);
    expect(await refused(1, "verify", "--base-config", "missing", "a.expert")).toBe(
      "InputUnreadable",
    );
  });

  const codeOf = async (...args: string[]): Promise<[number | null, unknown]> => {
    const { code, stdout } = await run("verify", "--json", ...args);
    const line = JSON.parse(stdout) as { code?: string };
    return [code, line.code];
  };

  test("knows scope, time, revocation", async () => {
    await write("a.expert", { ...signed, chain: await chain() });
    const trust = ["--trust", "root.pub.pem", "a.expert"];
    const list = (expires: number): Promise<Uint8Array> =>
      issueRevocationList(
        {
          number: 1,
          issued: expires - HOUR,
          expires,
          entries: [{ kind: "key", id: ada.base64, revokedFrom: now() - 5 }],
        },
        root.seed,
      );
    await writeFile(folder.path("x.crl"), await list(now() + HOUR));
    expect(await codeOf(...trust)).toEqual([0, undefined]);
    expect(await codeOf("--trust", "ada.pub.pem", "a.expert")).toEqual([0, undefined]);
    const later = String(now() + 2 * HOUR);
    expect(await codeOf("--time", later, ...trust)).toEqual([3, "CertificateExpired"]);
    expect(await codeOf("--revocation-list", "x.crl", ...trust)).toEqual([3, "Revoked"]);
    const before = ["--time", String(now() - 60), "--revocation-list", "x.crl"];
    expect(await codeOf(...before, ...trust)).toEqual([0, undefined]);
  });

  test("refuses stale lists where fresh ones are required", async () => {
    await write("a.expert", { ...signed, chain: await chain() });
    const list = { number: 1, issued: now() - 2 * HOUR, expires: now() - HOUR, entries: [] };
    await writeFile(folder.path("x.crl"), await issueRevocationList(list, root.seed));
    const args = ["--trust", "root.pub.pem", "--revocation-list", "x.crl", "a.expert"];
    expect(await codeOf(...args)).toEqual([0, undefined]);
    expect(await codeOf("--require-fresh-lists", ...args)).toEqual([3, "RevocationListStale"]);
  });

  test("takes no list that is none", async () => {
    await write("a.expert", signed);
    expect(await refused(2, "verify", "--revocation-list", "ada.pem", "a.expert")).toBe(
      "RevocationListMalformed",
    );
  });

  test("remembers what it accepted, which inspect does not", async () => {
    await done("trust", "add", "ada.pub.pem", ...store);
    const release = (counter: number): ExpertPackOptions => ({
      ...signed,
      metadata: { release_counter: counter },
    });
    await write("1.expert", release(1));
    await write("2.expert", release(2));
    await write("unsigned.expert", { metadata: { release_counter: 3 } });
    await done("inspect", ...store, "2.expert");
    await done("verify", ...store, "1.expert", "2.expert");
    expect(await codeOf(...store, "1.expert")).toEqual([3, "Rollback"]);
    const unsigned = ["--allow-unsigned", "unsigned.expert"];
    expect(await codeOf(...store, ...unsigned)).toEqual([3, "Downgrade"]);
    await done("trust", "forget", "expert-sql", ...store);
    expect(await codeOf(...store, "1.expert")).toEqual([0, undefined]);
  });

  test("an expert predicts nothing", async () => {
    await write("a.expert");
    expect(await refused(1, "predict", "a.expert", "--output-format", "csv")).toBe("KindMismatch");
  });

  test.each(["2027-01-01T00:00", "tomorrow", "-1"])("takes no time %s", async (time) => {
    expect(await refused(1, "verify", `--time=${time}`, "a.expert")).toBe("InvalidArgument");
  });
});

describe("sign", () => {
  test("puts another signature in place of the first", async () => {
    await write("a.expert", { signingKey: root.seed });
    const before = (await opened("a.expert")).description.sections;
    const stdout = await done("sign", "--sign-key", "ada.pem", "--cert", "ada.cert", "a.expert");
    expect(stdout).toMatch(new RegExp(`signed by +${ada.base64.replaceAll("+", "\\+")}\n`));
    expect(await done("verify", "--trust", "root.pub.pem", "a.expert")).toContain("by Ada, whom");
    const content = (sections: typeof before): unknown[] =>
      sections.filter(({ type }) => type !== "signing-cert").map(({ sha256 }) => sha256);
    const after = (await opened("a.expert")).description.sections;
    expect(content(after)).toEqual(content(before));
  });

  test("writes another file where told, and replaces none", async () => {
    await write("a.expert");
    const before = await bytesOf("a.expert");
    await done("sign", "--sign-key", "ada.pem", "a.expert", "-o", "b.expert");
    expect(await bytesOf("a.expert")).toEqual(before);
    expect(await refused(1, "sign", "--sign-key", "ada.pem", "a.expert", "-o", "b.expert")).toBe(
      "OutputExists",
    );
  });

  test.each<[string, string[], number, string]>([
    ["without a key", ["a.expert"], 1, "InvalidArgument"],
    [
      "with the certificate of another key",
      ["--sign-key", "root.pem", "--cert", "ada.cert", "a.expert"],
      2,
      "ChainBroken",
    ],
    ["what is not there", ["--sign-key", "ada.pem", "missing"], 1, "SourceUnreadable"],
  ])("not %s", async (_, args, exit, code) => {
    await write("a.expert");
    const before = await bytesOf("a.expert");
    expect(await refused(exit, "sign", ...args)).toBe(code);
    expect(await bytesOf("a.expert")).toEqual(before);
  });

  test("not what was changed", async () => {
    await write("a.expert", { signingKey: root.seed });
    const bytes = await bytesOf("a.expert");
    bytes.writeUInt8(bytes.readUInt8(0x80) ^ 1, 0x80);
    await writeFile(folder.path("a.expert"), bytes);
    expect(await refused(2, "sign", "--sign-key", "ada.pem", "a.expert")).toBe("SignatureInvalid");
  });

  test("not a model", async () => {
    await writeModel(folder.path("m.aprender"), regression);
    const result = await run("sign", "--sign-key", "ada.pem", "m.aprender");
    expect(result.code).toBeGreaterThan(0);
  });
});

describe("convert", () => {
  const version = async (name: string): Promise<string> =>
    (await opened(name)).description.formatVersion;

  test("writes the other version beside it, and says what is lost", async () => {
    await write("a.expert", { signingKey: ada.seed });
    const stdout = await done("convert", "a.expert");
    expect(await version("a.v1.expert")).toBe("1.0");
    expect(stdout).toContain("! The signature of the old file is not carried over.");
    await done("convert", "a.v1.expert", "--sign-key", "ada.pem", "-o", "b.expert");
    expect(await version("b.expert")).toBe("2.0");
    await done("verify", "--trust", "ada.pub.pem", "--verify-integrity", "b.expert");
  });

  test("not to the version that it has", async () => {
    await write("a.expert");
    expect(await refused(1, "convert", "a.expert", "--format", "2", "-o", "b")).toBe(
      "InvalidArgument",
    );
    expect(await readdir(folder.path())).not.toContain("b");
  });

  test("replaces nothing without --force", async () => {
    await write("a.expert");
    await writeFile(folder.path("b"), "old");
    expect(await refused(1, "convert", "a.expert", "-o", "b")).toBe("OutputExists");
    await done("convert", "a.expert", "-o", "b", "--force");
    expect(await version("b")).toBe("1.0");
  });

  describe("of a folder", () => {
    beforeEach(async () => {
      await mkdir(folder.path("in"));
      await write("in/old.expert", { version: 1 });
      await write("in/older.expert", { version: 1 });
      await write("in/new.expert");
      await writeFile(folder.path("in/notes.txt"), "not an expert");
    });

    test("converts what there is, and leaves out what is new already", async () => {
      const stdout = await done("convert", "in", "-o", "out");
      expect(await readdir(folder.path("out"))).toEqual(["old.expert", "older.expert"]);
      expect(await version("out/old.expert")).toBe("2.0");
      expect(stdout).toMatch(/in\/new\.expert {2}has version 2 already\n/);
      expect(stdout).toMatch(/\n2 files converted, 1 left out\n$/);
    });

    test("goes on after a file that fails", async () => {
      await writeFile(folder.path("in/bad.expert"), "no expert");
      const { code, stdout } = await run("convert", "in", "-o", "out");
      expect(code).toBe(2);
      expect(stdout).toMatch(/in\/bad\.expert {2}✘ Rejected: .*\n/);
      expect(stdout).toMatch(/\n2 files converted, 1 left out, 1 failed\n$/);
      expect(await readdir(folder.path("out"))).toEqual(["old.expert", "older.expert"]);
    });

    test("prints a line of JSON a file", async () => {
      await writeFile(folder.path("in/bad.expert"), "no expert");
      const { stdout } = await run("convert", "in", "-o", "out", "--json", "--format", "1");
      const lines = stdout.trimEnd().split("\n");
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
        { file: "in/bad.expert", skipped: expect.any(String) },
        expect.objectContaining({ file: "out/new.expert", formatVersion: "1.0" }),
        { file: "in/old.expert", skipped: expect.any(String) },
        { file: "in/older.expert", skipped: expect.any(String) },
      ]);
    });

    test("needs a place for them, and some to convert", async () => {
      expect(await refused(1, "convert", "in")).toBe("InvalidArgument");
      await mkdir(folder.path("empty"));
      expect(await refused(1, "convert", "empty", "-o", "out")).toBe("InputUnreadable");
      expect(await refused(1, "convert", "in", "-o", "ada.pem")).toBe("OutputUnwritable");
    });
  });
});

test("long work shows how far it has come", async () => {
  for (const name of ["a", "b", "c", "d"]) await writeFile(folder.path(`sql/${name}`), noise(24));
  const terminal = fakeTerminal();
  const { code, stderr } = await runIn(terminal, [
    ...["pack", folder.path("sql"), ...NAMED, "--compression-level", "9"],
  ]);
  expect(code).toBe(0);
  expect(plain(stderr)).toMatch(/▕.*▏ +\d+ % {2}[\d.]+ MB of 9\d\.\d MB {2}[\d.]+ MB\/s/);
}, 120_000);
