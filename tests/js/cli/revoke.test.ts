import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  issueCertificate,
  issueRevocationList,
  readRevocationList,
  type RevocationListDescription,
} from "andon";
import { andon, errorIn, freshFolder, type Result } from "./support/command.js";
import { keyPair, type KeyPair } from "./support/files.js";

const folder = freshFolder();
const root = keyPair();
const ada = keyPair();
const SERIAL = "000102030405060708090a0b0c0d0e0f";
const WEEK = 7 * 86_400;

const privatePem = ({ privateKey }: KeyPair): string =>
  privateKey.export({ type: "pkcs8", format: "pem" }).toString();

beforeEach(async () => {
  await writeFile(folder.path("root.pem"), privatePem(root));
  await writeFile(folder.path("ada.pem"), privatePem(ada));
  await writeFile(folder.path("ada.pub.pem"), ada.publicPem);
  const certificate = await issueCertificate(
    {
      role: "signer",
      name: "Ada",
      scope: "*",
      subject: ada.base64,
      notBefore: 0,
      notAfter: 2_000_000_000,
      serial: SERIAL,
    },
    root.seed,
  );
  await writeFile(folder.path("ada.cert"), certificate);
});

const revoke = (...args: string[]): Promise<Result> =>
  andon(["revoke", ...args], { cwd: folder.path() });
const read = async (name = "x.crl"): Promise<RevocationListDescription> =>
  readRevocationList(await readFile(folder.path(name)));

async function expectDone(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await revoke("x.crl", "--sign-key", "root.pem", ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** As much of an expert as its name takes: a header with signature, and content. Gives its FILE_SHA256. */
async function writeVersion2(name: string, edit?: (file: Buffer) => Buffer): Promise<string> {
  const file = Buffer.concat([
    Buffer.from("HLLMEXP\0"),
    Buffer.alloc(0x6c),
    Buffer.from("content"),
  ]);
  const stated = createHash("sha256").update(file).digest("hex");
  file.fill(stated, 0x14, 0x34, "hex").fill("signature", 0x34, 0x74);
  await writeFile(folder.path(name), edit === undefined ? file : edit(file));
  return stated;
}

describe("a revocation list", () => {
  test("revokes certificates, keys and files", async () => {
    const digest = createHash("sha256").update("an old expert").digest("hex");
    await writeFile(folder.path("old.expert"), "an old expert");
    const stated = await writeVersion2("new.expert");
    await expectDone(
      ...["--cert", "ada.cert", "--key", "ada.pub.pem", "--key", root.base64],
      ...["--file", "old.expert", "--file", "new.expert"],
      ...["--reason", "withdrawn", "--from", "2026-01-01"],
    );
    const list = await read();
    expect(list).toMatchObject({ number: 1, issuer: root.base64 });
    expect(list.expires - list.issued).toBe(WEEK);
    const ids = list.entries.map(({ kind, id }) => [kind, id]);
    expect(new Map(ids.map(([, id], i) => [id, i])).size).toBe(5);
    expect(ids).toEqual(
      expect.arrayContaining([
        ["serial", SERIAL],
        ["key", ada.base64],
        ["key", root.base64],
        ["file", digest],
        ["file", stated],
      ]),
    );
    for (const entry of list.entries) {
      expect(entry).toMatchObject({
        reason: "withdrawn",
        revokedFrom: Date.UTC(2026, 0, 1) / 1000,
      });
    }
  });

  test("grows, and says what was said last", async () => {
    await expectDone("--cert", "ada.cert");
    await expectDone("--key", "ada.pub.pem");
    await expectDone("--cert", "ada.cert", "--reason", "key-compromise");
    const { number, entries } = await read();
    expect(number).toBe(3);
    expect(entries).toMatchObject([
      { kind: "serial", reason: "key-compromise" },
      { kind: "key", reason: "unspecified" },
    ]);
  });

  test("is renewed with nothing new, for as long as wanted", async () => {
    await expectDone("--cert", "ada.cert");
    const before = await read();
    await expectDone("--days", "2");
    const { number, issued, expires, entries } = await read();
    expect({ number, entries }).toEqual({ number: 2, entries: before.entries });
    expect(expires - issued).toBe(2 * 86_400);
  });

  test("can go to another place", async () => {
    await expectDone("--cert", "ada.cert");
    await expectDone("--key", "ada.pub.pem", "-o", "next.crl");
    expect([(await read()).number, (await read("next.crl")).number]).toEqual([1, 2]);
  });

  test("is shown", async () => {
    const stdout = await expectDone("--cert", "ada.cert", "--from", "2026-01-01");
    expect((await revoke("show", "x.crl")).stdout).toBe(stdout);
    expect(stdout).toMatch(/^x\.crl {2}1 revocation\n {2}number {5}1\n {2}valid {6}20/);
    expect(stdout).toContain(
      `\n\n  certificate  ${SERIAL}  unspecified  from 2026-01-01 00:00:00 UTC\n`,
    );
    const json = await revoke("show", "--json", "x.crl");
    expect(JSON.parse(json.stdout)).toEqual({ file: "x.crl", ...(await read()) });
  });
});

describe("is not made", () => {
  test.each<[string, string[], string]>([
    ["of nothing", ["x.crl", "--sign-key", "root.pem"], "InvalidArgument"],
    ["without a key to sign", ["x.crl", "--cert", "ada.cert"], "InvalidArgument"],
    ["without a name", ["--cert", "ada.cert", "--sign-key", "root.pem"], "InvalidArgument"],
    [
      "for more than a week",
      ["x.crl", "--cert", "ada.cert", "--sign-key", "root.pem", "--days", "8"],
      "InvalidArgument",
    ],
    [
      "for a reason that there is not",
      ["x.crl", "--cert", "ada.cert", "--sign-key", "root.pem", "--reason", "spite"],
      "InvalidArgument",
    ],
    [
      "of a key that is none",
      ["x.crl", "--key", "root.pem", "--sign-key", "root.pem"],
      "KeyMalformed",
    ],
    [
      "of a file that is not there",
      ["x.crl", "--file", "no", "--sign-key", "root.pem"],
      "InputUnreadable",
    ],
  ])("%s", async (_, args, code) => {
    const result = await revoke(...args, "--json");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code });
    expect(await readdir(folder.path())).not.toContain("x.crl");
  });

  test.each<[string, (file: Buffer) => Buffer]>([
    ["that states the name of another", (file) => file.fill(0xab, 0x14, 0x34)],
    ["that was changed", (file) => file.fill("x", 0x74)],
    ["that was cut within its header", (file) => file.subarray(0, 0x20)],
    ["that was cut before its name", (file) => file.subarray(0, 8)],
  ])("ExpertFileHash: of an expert %s", async (_, edit) => {
    await writeVersion2("x.expert", edit);
    const result = await revoke("x.crl", "--file", "x.expert", "--sign-key", "root.pem", "--json");
    expect(result.code).toBe(2);
    expect(errorIn(result)).toMatchObject({ code: "ExpertFileHash" });
    expect(await readdir(folder.path())).not.toContain("x.crl");
  });

  test("of a certificate that is none", async () => {
    const result = await revoke("x.crl", "--cert", "root.pem", "--sign-key", "root.pem");
    expect(result.code).toBe(2);
  });

  test("in the name of another issuer", async () => {
    await expectDone("--cert", "ada.cert");
    const before = await readFile(folder.path("x.crl"));
    const result = await revoke("x.crl", "--sign-key", "ada.pem", "--json");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "KeyMalformed" });
    expect(await readFile(folder.path("x.crl"))).toEqual(before);
  });

  test("out of one that was changed", async () => {
    const list = await issueRevocationList({ number: 1, entries: [] }, root.seed);
    list[8] = (list[8] ?? 0) ^ 1;
    await writeFile(folder.path("x.crl"), list);
    const result = await revoke("x.crl", "--sign-key", "root.pem", "--json");
    expect(result.code).toBe(2);
    expect(errorIn(result)).toMatchObject({ code: "RevocationListSignature" });
  });
});
