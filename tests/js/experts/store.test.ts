import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import * as andon from "andon";
import type { InstalledExpert } from "andon";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { codeOf } from "../support/errors.js";
import { FakeFolder, FakeLocks } from "../support/opfs.js";

/** With what only managers call. */
interface ExpertStore extends andon.ExpertStore {
  put(expert: InstalledExpert, bytes: Uint8Array, rule: () => void): Promise<void>;
  remove(name: string, rule: () => void): Promise<void>;
}

const memoryExpertStore = (): ExpertStore => andon.memoryExpertStore() as ExpertStore;
const openExpertStore = async (where?: string): Promise<ExpertStore> =>
  (await andon.openExpertStore(where)) as ExpertStore;

let folder: string;
let path: string;
let count = 0;
const root = new FakeFolder();
const { navigator } = globalThis;

function setNavigator(value: unknown): void {
  Object.defineProperty(globalThis, "navigator", { value, configurable: true });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "andon-store-"));
});

afterAll(() => rm(folder, { recursive: true }));

beforeEach(() => {
  path = join(folder, String(++count), "experts");
  setNavigator({
    storage: { getDirectory: () => Promise.resolve(root) },
    locks: new FakeLocks(),
  });
});

afterEach(() => {
  FakeFolder.full = false;
  setNavigator(navigator);
});

/** The browser's store; the package exports that of Node.js alone here. */
async function opfsStore(name: string): Promise<ExpertStore> {
  const dist = pathToFileURL(join(process.cwd(), "dist/"));
  const { expertOpfs } = (await import(new URL("platform/expert-opfs.js", dist).href)) as {
    expertOpfs: (name: string) => unknown;
  };
  const { ExpertStore: Store } = (await import(new URL("experts/store.js", dist).href)) as {
    ExpertStore: new (storage: unknown) => ExpertStore;
  };
  return new Store(expertOpfs(name));
}

const kinds: [string, () => Promise<ExpertStore>][] = [
  ["in memory", () => Promise.resolve(memoryExpertStore())],
  ["in a folder", () => openExpertStore(path)],
  ["in the private file system of a browser", () => opfsStore(path)],
];

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const allowed = (): void => undefined;

function installed(name: string, content: string, version = "1.0.0"): InstalledExpert {
  return {
    name,
    version,
    releaseCounter: 1,
    manifest: { routing: { keywords: ["a"], priority: 0.5 }, base_model: { name: "base" } },
    sha256: createHash("sha256").update(content).digest("hex"),
    bytes: content.length,
    adapterBytes: 8,
    signer: null,
    publisher: null,
    installed: 1,
  };
}

const put = (store: ExpertStore, name: string, content = name): Promise<void> =>
  store.put(installed(name, content), bytesOf(content), allowed);

describe.each(kinds)("a store %s", (_, openStore) => {
  test("is empty at first", async () => {
    expect((await (await openStore()).list()).size).toBe(0);
  });

  test("keeps experts by name, and gives their packages", async () => {
    const store = await openStore();
    await put(store, "expert-b");
    await put(store, "expert-a");
    expect([...(await store.list()).keys()]).toEqual(["expert-a", "expert-b"]);
    const { expert, bytes } = await store.read("expert-a");
    expect(expert).toEqual(installed("expert-a", "expert-a"));
    expect(Buffer.from(bytes).toString()).toBe("expert-a");
  });

  test("replaces one of the same name, and lets go of it", async () => {
    const store = await openStore();
    await put(store, "expert-a", "old");
    await put(store, "expert-a", "new");
    expect(Buffer.from((await store.read("expert-a")).bytes).toString()).toBe("new");
    await store.remove("expert-a", allowed);
    expect((await store.list()).size).toBe(0);
    expect(await codeOf(() => store.read("expert-a"))).toBe("ExpertNotInstalled");
    expect(await codeOf(() => store.remove("expert-a", allowed))).toBe("ExpertNotInstalled");
  });

  test("is as before where a rule refuses", async () => {
    const store = await openStore();
    await put(store, "expert-a");
    const refuse = (): never => {
      throw new Error("no");
    };
    const other = installed("expert-b", "b");
    await expect(store.put(other, bytesOf("b"), refuse)).rejects.toThrow("no");
    await expect(store.remove("expert-a", refuse)).rejects.toThrow("no");
    expect([...(await store.list()).keys()]).toEqual(["expert-a"]);
  });

  test("does all of what is asked at the same time", async () => {
    const store = await openStore();
    const names = Array.from({ length: 6 }, (__, i) => `expert-${i}`);
    await Promise.all(names.map((name) => put(store, name)));
    expect([...(await store.list()).keys()]).toEqual(names);
  });
});

describe("the folder", () => {
  const fileIn = async (): Promise<string> => {
    const names = await readdir(path);
    return join(path, names.find((name) => name.endsWith(".expert")) ?? "");
  };

  test("has a list and packages, readable by their owner alone, and nothing else", async () => {
    const store = await openExpertStore(path);
    await put(store, "expert-a", "old");
    await put(store, "expert-a", "new");
    const names = await readdir(path);
    expect(names.map((name) => name.replace(/^[0-9a-f]{32}/, ""))).toEqual(
      expect.arrayContaining([".expert", "experts.json"]),
    );
    expect(names).toHaveLength(2);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(await fileIn())).mode & 0o777).toBe(0o600);
  });

  test("with a package that was changed or taken away: ExpertChanged", async () => {
    const store = await openExpertStore(path);
    await put(store, "expert-a");
    await writeFile(await fileIn(), "expert-A");
    expect(await codeOf(() => store.read("expert-a"))).toBe("ExpertChanged");
    await rm(await fileIn());
    expect(await codeOf(() => store.read("expert-a"))).toBe("ExpertChanged");
  });

  test("is by default below XDG_DATA_HOME", async () => {
    process.env["XDG_DATA_HOME"] = join(folder, "data");
    await put(await openExpertStore(), "expert-a");
    expect(await readdir(join(folder, "data", "andon", "experts"))).toHaveLength(2);
    delete process.env["XDG_DATA_HOME"];
  });

  test("in a place that cannot be is ExpertStoreUnavailable", async () => {
    await writeFile(join(folder, "file"), "");
    const below = join(folder, "file", "experts");
    expect(await codeOf(() => openExpertStore(below))).toBe("ExpertStoreUnavailable");
    const store = await openExpertStore(join(folder, "none"));
    await writeFile(join(folder, "none"), "");
    expect(await codeOf(() => put(store, "expert-a"))).toBe("ExpertStoreUnavailable");
  });

  const good = { file: `${"0".repeat(32)}.expert`, expert: installed("expert-a", "a") };
  const withExpert = (change: object): unknown => ({
    format: "andon-experts",
    version: 1,
    experts: [{ ...good, expert: { ...good.expert, ...change } }],
  });
  const listOf = (...experts: unknown[]): unknown => ({
    format: "andon-experts",
    version: 1,
    experts,
  });
  test.each<[string, unknown]>([
    ["no JSON", "{"],
    ["no object", []],
    ["another format", { ...(listOf() as object), format: "andon-trust" }],
    ["a newer version", { ...(listOf() as object), version: 2 }],
    ["an unknown member", { ...(listOf() as object), more: 1 }],
    ["experts that are no array", { format: "andon-experts", version: 1, experts: {} }],
    ["an expert twice", listOf(good, good)],
    ["a path instead of a file", listOf({ ...good, file: "../../x.expert" })],
    ["no expert", listOf({ ...good, expert: null })],
    ["a digest that is none", withExpert({ sha256: "0" })],
    ["a signer that is none", withExpert({ signer: 1 })],
    ["a manifest that is none", withExpert({ manifest: null })],
    ["keywords that are none", withExpert({ manifest: { routing: { keywords: [1] } } })],
    ["a priority that is none", withExpert({ manifest: { routing: { priority: 2 } } })],
    ["constraints that are none", withExpert({ manifest: { constraints: { requires: "a" } } })],
    ["a router section that is none", withExpert({ router: { keywords: [] } })],
    [
      "an embedding that is none",
      withExpert({ router: { keywords: [], embeddings: [{ space: "s", direction: "?" }] } }),
    ],
    ["a number of bytes that is none", withExpert({ bytes: -1 })],
  ])("with %s is ExpertStoreMalformed, and stays as it is", async (_, content) => {
    await put(await openExpertStore(path), "expert-a");
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(join(path, "experts.json"), text);
    expect(await codeOf(() => openExpertStore(path))).toBe("ExpertStoreMalformed");
    expect(await readFile(join(path, "experts.json"), "utf8")).toBe(text);
  });
});

describe("a browser", () => {
  test("whose disk is full: ExpertStoreUnavailable", async () => {
    const store = await opfsStore("full");
    FakeFolder.full = true;
    expect(await codeOf(() => put(store, "expert-a"))).toBe("ExpertStoreUnavailable");
  });

  test("without locks: ExpertStoreUnavailable", async () => {
    setNavigator({ storage: { getDirectory: () => Promise.resolve(root) } });
    const store = await opfsStore("unlocked");
    expect(await codeOf(() => put(store, "expert-a"))).toBe("ExpertStoreUnavailable");
  });

  test("without a private file system: ExpertStoreUnavailable", async () => {
    setNavigator({ locks: new FakeLocks() });
    const store = await opfsStore("none");
    expect(await codeOf(() => store.list())).toBe("ExpertStoreUnavailable");
  });
});
