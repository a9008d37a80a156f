import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  issueRevocationList,
  memoryTrustStore,
  open,
  openTrustStore,
  pack,
  rotateKey,
  type TrustStore,
} from "andon";
import { IDBFactory } from "fake-indexeddb";
import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { codeOf } from "./support/errors.js";
import { keyOf, seedOf } from "./support/keys.js";
import { regression } from "./support/models.js";

let folder: string;
let path: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "andon-trust-"));
  globalThis.indexedDB = new IDBFactory();
});

afterAll(() => rm(folder, { recursive: true }));

beforeEach(() => {
  path = join(folder, String(++count), "deeper", "trust.json");
});

/** The browser's store, on an IndexedDB of the tests; the package exports that of Node.js alone here. */
async function databaseStore(name: string): Promise<TrustStore> {
  const dist = pathToFileURL(join(process.cwd(), "dist/"));
  const { trustDatabase } = (await import(new URL("platform/trust-database.js", dist).href)) as {
    trustDatabase: (name: string) => unknown;
  };
  const { storeIn } = (await import(new URL("trust-store.js", dist).href)) as {
    storeIn: (storage: unknown) => TrustStore;
  };
  return storeIn(trustDatabase(name));
}

const kinds: [string, () => Promise<TrustStore>][] = [
  ["in memory", () => Promise.resolve(memoryTrustStore())],
  ["in a file", () => openTrustStore(path)],
  ["in IndexedDB", () => databaseStore(path)],
];

const listOf = (number: number, issuer = 1): Promise<Uint8Array> =>
  issueRevocationList({ number, entries: [{ kind: "key", id: keyOf(9) }] }, seedOf(issuer));

describe.each(kinds)("a store %s", (_, openStore) => {
  test("is empty at first", async () => {
    const store = await openStore();
    expect(await store.keys()).toEqual([]);
    expect(await store.lists()).toEqual([]);
    expect(await store.releases()).toEqual([]);
  });

  test("keeps keys with name and scope, and lets go of them", async () => {
    const store = await openStore();
    await store.addKey({ key: keyOf(1) });
    await store.addKey({ key: keyOf(2), name: "Acme", scope: "expert-acme-*" });
    await store.addKey({ key: keyOf(1), name: "Ada" });
    await store.removeKey(keyOf(2));
    expect(await store.keys()).toEqual([{ key: keyOf(1), name: "Ada", scope: "*" }]);
    expect(await codeOf(() => store.removeKey(keyOf(2)))).toBe("KeyNotFound");
    expect(await codeOf(() => store.addKey({ key: "none" }))).toBe("KeyMalformed");
  });

  test("keeps the newest list of each issuer", async () => {
    const store = await openStore();
    const [old, current, other] = [await listOf(1), await listOf(2), await listOf(1, 3)];
    await store.addList(old);
    expect(await store.addList(current)).toMatchObject({ number: 2, issuer: keyOf(1) });
    await store.addList(other);
    await store.addList(current);
    const held = (await store.lists()).map((list) => Buffer.from(list));
    expect(held).toEqual([Buffer.from(current), Buffer.from(other)]);
  });

  test("an older list, or another one of the same number, is RevocationListRollback", async () => {
    const store = await openStore();
    await store.addList(await listOf(2));
    expect(await codeOf(async () => store.addList(await listOf(1)))).toBe("RevocationListRollback");
    const other = await issueRevocationList({ number: 2, entries: [] }, seedOf(1));
    expect(await codeOf(() => store.addList(other))).toBe("RevocationListRollback");
  });

  test("a list that is forged is refused", async () => {
    const store = await openStore();
    const list = await listOf(1);
    list[list.length - 1] = (list.at(-1) ?? 0) ^ 1;
    expect(await codeOf(() => store.addList(list))).toBe("RevocationListSignature");
    expect(await store.lists()).toEqual([]);
  });

  test("a rotation adds the new key as the old one was, and marks the old one", async () => {
    const store = await openStore();
    await store.addKey({ key: keyOf(1), name: "Acme", scope: "expert-acme-*" });
    const statement = await rotateKey(seedOf(1), seedOf(2), 100);
    expect(await store.rotate(statement)).toEqual({ from: keyOf(1), to: keyOf(2), since: 100 });
    await store.rotate(statement);
    const acme = { name: "Acme", scope: "expert-acme-*" };
    expect(await store.keys()).toEqual([
      { key: keyOf(1), ...acme, rotatedTo: keyOf(2) },
      { key: keyOf(2), ...acme, since: 100 },
    ]);
    const again = await rotateKey(seedOf(1), seedOf(3));
    expect(await codeOf(() => store.rotate(again))).toBe("RotationRepeated");
  });

  test("a rotation to a key that is there leaves its name and scope", async () => {
    const store = await openStore();
    await store.addKey({ key: keyOf(1) });
    await store.addKey({ key: keyOf(2), name: "Mine" });
    await store.rotate(await rotateKey(seedOf(1), seedOf(2)));
    expect(await store.keys()).toContainEqual({ key: keyOf(2), name: "Mine", scope: "*" });
  });

  test("a rotation of a stranger's key is KeyNotFound", async () => {
    const store = await openStore();
    const statement = await rotateKey(seedOf(1), seedOf(2));
    expect(await codeOf(() => store.rotate(statement))).toBe("KeyNotFound");
  });

  test("remembers the highest release of each name, and for ever that one was signed", async () => {
    const store = await openStore();
    await store.remember({ name: "expert-a", releaseCounter: 3, signed: true });
    await store.remember({ name: "expert-a", releaseCounter: 2, signed: true });
    await store.remember({ name: "expert-a", releaseCounter: 4, signed: false });
    await store.remember({ name: "expert-b", releaseCounter: 1, signed: false });
    expect(await store.remembered("expert-a")).toEqual({
      name: "expert-a",
      releaseCounter: 4,
      signed: true,
    });
    await store.forget("expert-a");
    expect(await store.remembered("expert-a")).toBeUndefined();
    expect(await store.releases()).toHaveLength(1);
  });

  test("does all of what is asked at the same time", async () => {
    const store = await openStore();
    const numbers = Array.from({ length: 8 }, (__, i) => i + 1);
    await Promise.all(numbers.map((number) => store.addKey({ key: keyOf(number) })));
    expect(await store.keys()).toHaveLength(8);
  });

  test("makes open() trust its keys", async () => {
    const store = await openStore();
    const file = await pack(regression, { signingKey: seedOf(1) });
    expect(await codeOf(() => open(file, { trust: store }))).toBe("SignerUnknown");
    await store.addKey({ key: keyOf(1), name: "Acme" });
    const model = await open(file, { trust: store });
    expect(model.verdict).toMatchObject({ trust: "trusted", signerName: "Acme" });
    model.dispose();
  });

  test("makes open() ask its lists", async () => {
    const store = await openStore();
    const file = await pack(regression, { signingKey: seedOf(9) });
    await store.addKey({ key: keyOf(9) });
    await store.addList(await listOf(1, 9));
    expect(await codeOf(() => open(file, { trust: store }))).toBe("Revoked");
  });

  test("makes open() trust a key from its rotation on", async () => {
    const store = await openStore();
    const file = await pack(regression, { signingKey: seedOf(2) });
    await store.addKey({ key: keyOf(1) });
    await store.rotate(await rotateKey(seedOf(1), seedOf(2), 1000));
    expect(await codeOf(() => open(file, { trust: store, now: 999 }))).toBe("SignerUnknown");
    (await open(file, { trust: store, now: 1000 })).dispose();
  });
});

describe("the file", () => {
  const empty = { format: "andon-trust", version: 1, keys: [], lists: [], releases: [] };

  test("is there after the first change, readable by its owner alone", async () => {
    const store = await openTrustStore(path);
    expect(await codeOfRead(path)).toBe("ENOENT");
    await store.addKey({ key: keyOf(1), name: "Acme" });
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
      ...empty,
      keys: [{ key: keyOf(1), name: "Acme", scope: "*" }],
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, ".."))).toEqual(["trust.json"]);
  });

  test("is read by the next program", async () => {
    await (await openTrustStore(path)).addKey({ key: keyOf(1) });
    expect(await (await openTrustStore(path)).keys()).toHaveLength(1);
  });

  test("takes over a lock that a program left long ago", async () => {
    const store = await openTrustStore(path);
    await store.addKey({ key: keyOf(1) });
    await writeFile(`${path}.lock`, "");
    await utimes(`${path}.lock`, 0, 0);
    await store.addKey({ key: keyOf(2) });
    expect(await store.keys()).toHaveLength(2);
  });

  const key = { key: keyOf(1), name: "", scope: "*" };
  const release = { name: "expert-a", releaseCounter: 1, signed: true };
  test.each<[string, unknown]>([
    ["no JSON", "{"],
    ["no object", []],
    ["null", null],
    ["another format", { ...empty, format: "other" }],
    ["a newer version", { ...empty, version: 2 }],
    ["a member too few", { ...empty, lists: undefined }],
    ["an unknown member", { ...empty, extra: 1 }],
    ["keys that are no array", { ...empty, keys: {} }],
    ["a key that is none", { ...empty, keys: [{ ...key, key: "AAAA" }] }],
    ["a key in another base64", { ...empty, keys: [{ ...key, key: keyOf(1).replace("=", "") }] }],
    ["an empty scope", { ...empty, keys: [{ ...key, scope: "" }] }],
    ["an unknown member of a key", { ...empty, keys: [{ ...key, trusted: true }] }],
    ["a key twice", { ...empty, keys: [key, key] }],
    ["a time that is none", { ...empty, keys: [{ ...key, since: -1 }] }],
    [
      "a list that is no base64",
      { ...empty, lists: [{ issuer: keyOf(1), number: 1, bytes: "?" }] },
    ],
    ["a counter that is none", { ...empty, releases: [{ ...release, releaseCounter: 0.5 }] }],
    ["a flag that is none", { ...empty, releases: [{ ...release, signed: 1 }] }],
    ["a release twice", { ...empty, releases: [release, release] }],
  ])("with %s is TrustStoreMalformed, and stays as it is", async (_, content) => {
    await (await openTrustStore(path)).addKey({ key: keyOf(1) });
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(path, text);
    expect(await codeOf(() => openTrustStore(path))).toBe("TrustStoreMalformed");
    expect(await readFile(path, "utf8")).toBe(text);
  });

  test("in a place that cannot be is TrustStoreUnavailable", async () => {
    await writeFile(join(folder, "file"), "");
    const below = join(folder, "file", "trust.json");
    expect(await codeOf(() => openTrustStore(below))).toBe("TrustStoreUnavailable");
    expect(await codeOf(() => openTrustStore(folder))).toBe("TrustStoreUnavailable");
  });

  test("is by default below XDG_CONFIG_HOME, where that is absolute", async () => {
    process.env["XDG_CONFIG_HOME"] = join(folder, "config");
    await (await openTrustStore()).addKey({ key: keyOf(1) });
    expect(await readdir(join(folder, "config", "andon"))).toEqual(["trust.json"]);
    delete process.env["XDG_CONFIG_HOME"];
  });
});

async function codeOfRead(file: string): Promise<unknown> {
  return readFile(file).then(
    () => undefined,
    (thrown: unknown) => (thrown as NodeJS.ErrnoException).code,
  );
}
