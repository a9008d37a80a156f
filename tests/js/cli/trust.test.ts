import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { issueCertificate, issueRevocationList, openTrustStore, rotateKey } from "andon";
import { regression } from "../support/models.js";
import { andon, errorIn, freshFolder, type Result } from "./support/command.js";
import { keyPair, writeModel } from "./support/files.js";

const folder = freshFolder();
const acme = keyPair();
const other = keyPair();
const HOUR = 3600;
const now = (): number => Math.floor(Date.now() / 1000);

/** The account of somebody: a folder of its own for the configuration. */
const home = (): Record<string, string> => ({ XDG_CONFIG_HOME: folder.path("home") });
const run = (...args: string[]): Promise<Result> =>
  andon(args, { cwd: folder.path(), env: home() });
const trust = (...args: string[]): Promise<Result> => run("trust", ...args);

interface Held {
  keys: { key: string; name: string; scope: string }[];
  lists: { issuer: string; number: number }[];
  releases: object[];
}

async function held(...args: string[]): Promise<Held> {
  const { code, stdout, stderr } = await trust(...args, "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Held;
}

const listOf = (number: number): Promise<Uint8Array> =>
  issueRevocationList(
    { number, issued: now(), expires: now() + HOUR, entries: [{ kind: "key", id: other.base64 }] },
    acme.seed,
  );

beforeEach(async () => {
  await writeFile(folder.path("acme.pub.pem"), acme.publicPem);
  await writeFile(folder.path("other.pub.pem"), other.publicPem);
});

describe("trust add", () => {
  test("keeps a key, called after its file", async () => {
    const { keys } = await held("add", "acme.pub.pem");
    expect(keys).toEqual([{ key: acme.base64, name: "acme", scope: "*" }]);
    expect((await held("list")).keys).toEqual(keys);
    const store = folder.path("home/andon/trust.json");
    expect((await stat(store)).mode & 0o777).toBe(0o600);
  });

  test("keeps several, with a name and a scope", async () => {
    const { keys } = await held(
      ...["add", "Acme=acme.pub.pem", `Other=${other.base64}`, "--scope", "expert-*"],
    );
    expect(keys).toEqual([
      { key: acme.base64, name: "Acme", scope: "expert-*" },
      { key: other.base64, name: "Other", scope: "expert-*" },
    ]);
  });

  test("takes 32 raw bytes", async () => {
    await writeFile(folder.path("raw.key"), Buffer.from(acme.base64, "base64"));
    expect((await held("add", "raw.key")).keys).toMatchObject([{ key: acme.base64, name: "raw" }]);
  });

  test("gives a key that is there another name and scope", async () => {
    await held("add", "acme.pub.pem");
    const { keys } = await held("add", "Acme=acme.pub.pem", "--scope", "expert-acme-*");
    expect(keys).toEqual([{ key: acme.base64, name: "Acme", scope: "expert-acme-*" }]);
  });

  const certificate = (): Promise<Uint8Array> =>
    issueCertificate(
      {
        role: "root",
        name: "Acme Inc.",
        scope: "expert-acme-*",
        subject: acme.base64,
        notBefore: 0,
        notAfter: now() + HOUR,
      },
      acme.seed,
    );

  test("takes a certificate with the name and scope in it, unless told otherwise", async () => {
    await writeFile(folder.path("acme.cert"), await certificate());
    const own = { key: acme.base64, name: "Acme Inc.", scope: "expert-acme-*" };
    expect((await held("add", "acme.cert")).keys).toEqual([own]);
    expect((await held("add", "A=acme.cert", "--scope", "expert-acme-sql")).keys).toEqual([
      { ...own, name: "A", scope: "expert-acme-sql" },
    ]);
  });

  test("does not choose among certificates, or take one that is forged", async () => {
    const one = await certificate();
    await writeFile(folder.path("two.cert"), Buffer.concat([one, one]));
    one[419] = (one[419] ?? 0) ^ 1;
    await writeFile(folder.path("forged.cert"), one);
    for (const file of ["two.cert", "forged.cert"]) {
      const result = await trust("add", file, "--json");
      expect(result.code).toBe(2);
      expect(errorIn(result)).toMatchObject({ code: "CertificateMalformed" });
    }
    expect((await held("list")).keys).toEqual([]);
  });

  test.each([
    ["no key", [], "InvalidArgument"],
    ["a file that is not there", ["missing"], "InputUnreadable"],
    ["a file that is no key", ["plain.txt"], "KeyMalformed"],
  ])("does not take %s", async (_, args, code) => {
    await writeFile(folder.path("plain.txt"), "no key");
    const result = await trust("add", ...args, "--json");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code });
  });
});

test("--trust-store names another store", async () => {
  await held("add", "acme.pub.pem", "--trust-store", "mine.json");
  expect((await held("list")).keys).toEqual([]);
  expect((await held("list", "--trust-store", "mine.json")).keys).toHaveLength(1);
  expect(await (await openTrustStore(folder.path("mine.json"))).keys()).toHaveLength(1);
});

describe("trust list", () => {
  test("of nobody", async () => {
    expect((await trust("list")).stdout).toBe("Nobody is trusted yet.\n");
    expect(await readdir(folder.path())).not.toContain("home");
  });

  test("shows keys, lists and releases", async () => {
    await held("add", "Acme=acme.pub.pem");
    await held("add", other.base64);
    await writeFile(folder.path("acme.crl"), await listOf(3));
    await trust("update", "acme.crl");
    const store = await openTrustStore(folder.path("home/andon/trust.json"));
    await store.remember({ name: "expert-sql", releaseCounter: 7, signed: true });
    await store.remember({ name: "expert-json", releaseCounter: 0, signed: false });
    const { stdout } = await trust("list");
    const plain = stdout.replaceAll(/ +$/gm, "");
    expect(plain).toContain(
      `Keys\n  Acme       *  ${acme.base64}\n  (no name)  *  ${other.base64}`,
    );
    expect(plain).toContain("Revocation lists\n  Acme  number 3  1 revocation  until 20");
    expect(plain).toContain(
      "Releases accepted\n  expert-sql   release 7  signed\n  expert-json  release 0  not signed\n",
    );
  });

  test("refuses a store that is damaged", async () => {
    await writeFile(folder.path("bad.json"), "{}");
    const result = await trust("list", "--trust-store", "bad.json", "--json");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "TrustStoreMalformed" });
  });
});

describe("trust remove", () => {
  test("by name, by file and by key", async () => {
    const add = (): Promise<Held> => held("add", "Acme=acme.pub.pem", "Other=other.pub.pem");
    for (const what of ["Acme", "acme.pub.pem", acme.base64]) {
      expect((await add()).keys).toHaveLength(2);
      expect((await held("remove", what)).keys).toMatchObject([{ name: "Other" }]);
    }
  });

  test("fails on a key that is not there", async () => {
    const result = await trust("remove", acme.base64, "--json");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "KeyNotFound" });
  });
});

describe("trust forget", () => {
  test("lets an older release pass again", async () => {
    const store = await openTrustStore(folder.path("home/andon/trust.json"));
    await store.remember({ name: "expert-sql", releaseCounter: 7, signed: true });
    expect((await held("forget", "expert-sql")).releases).toEqual([]);
  });

  test("fails where there is nothing to forget", async () => {
    const result = await trust("forget", "expert-sql", "--json");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "InvalidArgument" });
  });
});

describe("trust update", () => {
  test("takes newer lists, and no older one", async () => {
    await writeFile(folder.path("2.crl"), await listOf(2));
    await writeFile(folder.path("1.crl"), await listOf(1));
    expect((await held("update", "2.crl")).lists).toMatchObject([{ number: 2 }]);
    const result = await trust("update", "1.crl", "--json");
    expect(result.code).toBe(3);
    expect(errorIn(result)).toMatchObject({ code: "RevocationListRollback" });
    expect((await held("list")).lists).toMatchObject([{ number: 2 }]);
  });

  test("takes no list that is forged", async () => {
    const list = await listOf(1);
    list[70] = (list[70] ?? 0) ^ 1;
    await writeFile(folder.path("x.crl"), list);
    expect((await trust("update", "x.crl")).code).toBe(2);
  });
});

describe("trust rotate", () => {
  beforeEach(async () => {
    await writeFile(folder.path("x.rotation"), await rotateKey(acme.seed, other.seed, now() - 1));
  });

  test("trusts the new key as the old one", async () => {
    await held("add", "Acme=acme.pub.pem", "--scope", "expert-acme-*");
    const { keys } = await held("rotate", "x.rotation");
    expect(keys).toMatchObject([
      { key: acme.base64, rotatedTo: other.base64 },
      { key: other.base64, name: "Acme", scope: "expert-acme-*" },
    ]);
    expect((await trust("list")).stdout).toMatch(/handed over\n.*since 20/);
  });

  test("not for a key that nobody trusts", async () => {
    const result = await trust("rotate", "x.rotation", "--json");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "KeyNotFound" });
  });

  test("only once", async () => {
    await held("add", "acme.pub.pem");
    await held("rotate", "x.rotation");
    const third = keyPair();
    await writeFile(folder.path("y.rotation"), await rotateKey(acme.seed, third.seed, now()));
    const result = await trust("rotate", "y.rotation", "--json");
    expect(result.code).toBe(3);
    expect(errorIn(result)).toMatchObject({ code: "RotationRepeated" });
  });
});

describe("the store of the account", () => {
  beforeEach(async () => {
    await writeModel(folder.path("signed.aprender"), regression, acme.seed);
    await writeModel(folder.path("plain.aprender"), regression);
  });

  const verdicts = async (...options: string[]): Promise<(number | null)[]> => [
    (await run("verify", ...options, "signed.aprender")).code,
    (await run("verify", ...options, "plain.aprender")).code,
  ];

  test("plays no part until it has a key, and does not come to be", async () => {
    expect(await verdicts()).toEqual([0, 0]);
    expect(await readdir(folder.path())).not.toContain("home");
  });

  test("then makes the policy strict", async () => {
    await held("add", "acme.pub.pem");
    expect(await verdicts()).toEqual([0, 3]);
    expect(await verdicts("--allow-unsigned")).toEqual([0, 0]);
    await held("remove", "acme");
    await held("add", "other.pub.pem");
    expect(await verdicts()).toEqual([3, 3]);
    expect(await verdicts("--allow-unknown-signer")).toEqual([0, 3]);
  });

  test("counts for predict, and is shown by inspect", async () => {
    await held("add", "Acme=acme.pub.pem");
    const predict = (model: string): Promise<Result> =>
      andon(["predict", model], {
        cwd: folder.path(),
        env: home(),
        input: "height,width\n1,1\n",
      });
    expect((await predict("signed.aprender")).code).toBe(0);
    expect((await predict("plain.aprender")).code).toBe(3);
    expect((await run("inspect", "signed.aprender")).stdout).toContain("signed by Acme");
    expect((await run("inspect", "plain.aprender")).code).toBe(0);
  });

  test("gives way to --trust, another store, or none", async () => {
    await held("add", "acme.pub.pem");
    expect(await verdicts("--trust", "other.pub.pem")).toEqual([3, 3]);
    expect(await verdicts("--trust-store", "none")).toEqual([0, 0]);
    expect(await verdicts("--trust-store", "empty.json")).toEqual([3, 3]);
  });

  test("has lists that count also with --trust", async () => {
    await held("add", "acme.pub.pem");
    const entries = [{ kind: "key", id: other.base64 } as const];
    const list = { number: 1, issued: now() - 1, expires: now() + HOUR, entries };
    await writeFile(folder.path("x.crl"), await issueRevocationList(list, other.seed));
    await writeModel(folder.path("other.aprender"), regression, other.seed);
    const verify = ["verify", "--trust", "other.pub.pem", "other.aprender"];
    expect((await run(...verify)).code).toBe(0);
    const revoked = await run(...verify, "--revocation-list", "x.crl");
    expect(revoked.code).toBe(3);
    expect(revoked.stdout).toContain("[Revoked]");
    await held("update", "x.crl");
    expect((await run(...verify)).code).toBe(3);
  });

  test("that is damaged is no empty one", async () => {
    await held("add", "acme.pub.pem");
    const path = folder.path("home/andon/trust.json");
    await writeFile(path, (await readFile(path, "utf8")).slice(0, -5));
    const result = await run("verify", "--json", "signed.aprender");
    expect(result.code).toBe(1);
    expect(errorIn(result)).toMatchObject({ code: "TrustStoreMalformed" });
  });
});
