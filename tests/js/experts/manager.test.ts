import { describe, expect, test } from "@jest/globals";
import {
  AndonError,
  ExpertManager,
  issueCertificate,
  issueRevocationList,
  memoryExpertStore,
  memoryTrustStore,
  packExpert,
  rotateKey,
  type ExpertManagerOptions,
  type ExpertManifest,
  type ExpertStore,
} from "andon";
import { codeOf, errorOf } from "../support/errors.js";
import { peftFolder } from "../support/experts.js";
import { keyOf, seedOf } from "../support/keys.js";
import { FakeModel } from "../support/fake-model.js";

type Wish = Partial<ExpertManifest> & { signer?: number; router?: unknown };

/** An expert package; signed where a signer is said. */
async function packed({ signer, router, ...metadata }: Wish = {}): Promise<
  Uint8Array<ArrayBuffer>
> {
  const folder = peftFolder(1);
  if (router !== undefined) {
    folder["router.json"] = new TextEncoder().encode(JSON.stringify(router));
  }
  const { bytes } = await packExpert(folder, {
    metadata: { name: "expert-a", version: "1.0.0", ...metadata },
    ...(signer === undefined ? {} : { signingKey: seedOf(signer) }),
  });
  return Uint8Array.from(bytes);
}

interface Scene {
  store: ExpertStore;
  model: FakeModel;
  manager: ExpertManager;
}

function scene(options: Partial<ExpertManagerOptions> = {}): Scene {
  const store = options.store ?? memoryExpertStore();
  const model = new FakeModel();
  return { store, model, manager: new ExpertManager({ store, model: model.asModel, ...options }) };
}

const validity = { notBefore: 0, notAfter: 4_000_000_000 };

/** From now on the store gives what `change` makes of what it has. */
function changing(store: ExpertStore, change: (read: Read) => Read): void {
  const read = store.read.bind(store);
  store.read = async (name) => change(await read(name));
}

type Read = Awaited<ReturnType<ExpertStore["read"]>>;

describe("installing", () => {
  test("verifies the whole package and keeps what it says", async () => {
    const { manager } = scene();
    const manifest = { description: "Adds one.", routing: { keywords: ["add"] } };
    const router = { keywords: ["plus"], embeddings: [] };
    const seen: number[] = [];
    const file = await packed({ ...manifest, router, release_counter: 3, signer: 1 });
    const expert = await manager.install(file, {
      onProgress: ({ loaded }) => {
        seen.push(loaded);
      },
    });
    expect(expert).toMatchObject({
      ...{ name: "expert-a", version: "1.0.0", releaseCounter: 3, manifest, router },
      ...{ bytes: file.length, signer: keyOf(1), publisher: keyOf(1) },
    });
    expect(seen.at(-1)).toBe(file.length);
    expect(await manager.list()).toEqual([expert]);
  });

  test("takes a package of version 1", async () => {
    const { manager } = scene();
    const folder = peftFolder(1);
    const manifest = { name: "expert-old", version: "0.3.0", schema_version: "2.0" };
    folder["manifest.json"] = new TextEncoder().encode(JSON.stringify(manifest));
    const { bytes } = await packExpert(folder, { version: 1 });
    expect(await manager.install(bytes)).toMatchObject({ name: "expert-old", publisher: null });
  });

  test("names as publisher who vouches for the signer", async () => {
    const chain = await issueCertificate(
      { role: "signer", name: "Ada", scope: "*", subject: keyOf(1), ...validity },
      seedOf(2),
    );
    const { bytes } = await packExpert(peftFolder(1), {
      metadata: { name: "expert-a", version: "1.0.0" },
      signingKey: seedOf(1),
      chain,
    });
    const { manager } = scene();
    expect(await manager.install(bytes)).toMatchObject({ signer: keyOf(1), publisher: keyOf(2) });
  });

  test("a damaged section is refused, with a verdict, and nothing is kept", async () => {
    const { manager } = scene();
    const file = await packed();
    file[file.length - 1] = (file.at(-1) ?? 0) ^ 1;
    const error = await errorOf(() => manager.install(file));
    expect(error.code).toBe("ExpertSectionHash");
    expect(error.verdict?.integrity).toBe("corrupt");
    expect(await manager.list()).toEqual([]);
  });

  test("an unsigned one, where somebody is trusted: SignatureMissing", async () => {
    const { manager } = scene({ trust: [{ key: keyOf(1) }] });
    expect(await codeOf(async () => manager.install(await packed()))).toBe("SignatureMissing");
  });

  test("one of a name that is there: ExpertInstalled", async () => {
    const { manager } = scene();
    await manager.install(await packed());
    const again = packed({ version: "2.0.0" });
    expect(await codeOf(async () => manager.install(await again))).toBe("ExpertInstalled");
  });

  test("a requirement that is no range: RequirementMalformed", async () => {
    const { manager } = scene();
    const file = packed({ constraints: { requires: ["expert-b@>>1"] } });
    expect(await codeOf(async () => manager.install(await file))).toBe("RequirementMalformed");
  });

  test("what cannot be read: SourceUnreadable, and an abort its reason", async () => {
    const { manager } = scene();
    expect(await codeOf(() => manager.install("/nowhere/a.expert"))).toBe("SourceUnreadable");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(manager.install(await packed(), { signal })).rejects.toThrow("enough");
  });
});

describe("updating", () => {
  async function after(first: Wish, options: Partial<ExpertManagerOptions> = {}): Promise<Scene> {
    const started = scene(options);
    await started.manager.install(await packed(first));
    return started;
  }

  const codeOfUpdate = async ({ manager }: Scene, next: Wish): Promise<string> =>
    codeOf(async () => manager.update(await packed(next)));

  test("puts a newer version in its place", async () => {
    const { manager } = await after({ signer: 1 });
    await manager.update(await packed({ version: "1.1.0", signer: 1 }));
    expect((await manager.list()).map(({ version }) => version)).toEqual(["1.1.0"]);
  });

  test("of what is not there: ExpertNotInstalled", async () => {
    expect(await codeOfUpdate(scene(), {})).toBe("ExpertNotInstalled");
  });

  test.each(["1.0.0", "0.9.0", "1.0.0-rc.1", "1.0.0+build"])(
    "to %s from 1.0.0: ExpertNotNewer",
    async (version) => {
      expect(await codeOfUpdate(await after({}), { version })).toBe("ExpertNotNewer");
    },
  );

  test("to a lower release counter: Rollback", async () => {
    const scene = await after({ release_counter: 2 });
    expect(await codeOfUpdate(scene, { version: "2.0.0", release_counter: 1 })).toBe("Rollback");
  });

  test("from signed to unsigned: Downgrade", async () => {
    expect(await codeOfUpdate(await after({ signer: 1 }), { version: "2.0.0" })).toBe("Downgrade");
  });

  test("by another publisher: PublisherChanged, unless that is allowed", async () => {
    const started = await after({ signer: 1 });
    expect(await codeOfUpdate(started, { version: "2.0.0", signer: 2 })).toBe("PublisherChanged");
    const file = await packed({ version: "2.0.0", signer: 2 });
    await started.manager.update(file, { anyPublisher: true });
    expect(await started.manager.list()).toMatchObject([{ publisher: keyOf(2) }]);
  });

  test("by the key that the publisher's handed over to", async () => {
    const trust = memoryTrustStore();
    await trust.addKey({ key: keyOf(1) });
    const started = await after({ signer: 1 }, { trust });
    await trust.rotate(await rotateKey(seedOf(1), seedOf(2), 1));
    await started.manager.update(await packed({ version: "2.0.0", signer: 2 }));
    expect(await started.manager.list()).toMatchObject([{ version: "2.0.0" }]);
  });

  test("of an unsigned one by somebody who signs", async () => {
    const { manager } = await after({});
    await manager.update(await packed({ version: "2.0.0", signer: 1 }));
    expect(await manager.list()).toMatchObject([{ signer: keyOf(1) }]);
  });

  test("to a version that another one cannot use: ExpertRequired", async () => {
    const started = await after({});
    await started.manager.install(
      await packed({ name: "expert-b", constraints: { requires: ["expert-a@^1.0.0"] } }),
    );
    expect(await codeOfUpdate(started, { version: "2.0.0" })).toBe("ExpertRequired");
    await started.manager.update(await packed({ version: "1.5.0" }));
  });
});

describe("removing", () => {
  test("what others require: ExpertRequired, unless it is forced", async () => {
    const { manager } = scene();
    await manager.install(await packed());
    const requires = ["expert-a"];
    await manager.install(await packed({ name: "expert-b", constraints: { requires } }));
    expect(await codeOf(() => manager.remove("expert-a"))).toBe("ExpertRequired");
    await manager.remove("expert-a", { force: true });
    expect((await manager.list()).map(({ name }) => name)).toEqual(["expert-b"]);
    expect((await manager.resolve(["expert-b"])).refusals).toMatchObject([
      { code: "RequirementMissing" },
    ]);
  });

  test("what is not there: ExpertNotInstalled", async () => {
    expect(await codeOf(() => scene().manager.remove("expert-a"))).toBe("ExpertNotInstalled");
  });
});

describe("verifying", () => {
  test("tells of each whether it still is what was installed, and trusted today", async () => {
    const trust = memoryTrustStore();
    await trust.addKey({ key: keyOf(1), name: "Acme" });
    await trust.addKey({ key: keyOf(2) });
    const { manager } = scene({ trust });
    await manager.install(await packed({ signer: 1 }));
    await manager.install(await packed({ name: "expert-b", signer: 2 }));
    const entries = [{ kind: "key" as const, id: keyOf(2) }];
    await trust.addList(await issueRevocationList({ number: 1, entries }, seedOf(2)));
    const [good, revoked, missing] = await manager.verify(["expert-a", "expert-b", "expert-c"]);
    expect(good?.verdict).toMatchObject({ trust: "trusted", signerName: "Acme" });
    expect(revoked?.error?.code).toBe("Revoked");
    expect(missing?.error?.code).toBe("ExpertNotInstalled");
    expect(await manager.verify()).toHaveLength(2);
  });

  test("throws what is no refusal", async () => {
    const store = memoryExpertStore();
    const { manager } = scene({ store });
    await manager.install(await packed());
    store.read = () => Promise.reject(new TypeError("broken"));
    await expect(manager.verify()).rejects.toThrow("broken");
    await expect(manager.preload()).rejects.toThrow("broken");
  });
});

describe("loading", () => {
  async function stocked(
    experts: Wish[],
    options: Partial<ExpertManagerOptions> = {},
  ): Promise<Scene> {
    const started = scene(options);
    for (const wish of experts) await started.manager.install(await packed(wish));
    return started;
  }

  const named = (name: string, wish: Wish = {}): Wish => ({ name: `expert-${name}`, ...wish });
  const loadedNames = ({ manager }: Scene): string[] => manager.loaded.map(({ name }) => name);

  test("attaches an expert after what it requires, with today's trust", async () => {
    const trust = [{ key: keyOf(1) }];
    const requires = ["expert-b@^1"];
    const started = await stocked(
      [named("a", { constraints: { requires }, signer: 1 }), named("b", { signer: 1 })],
      { trust },
    );
    const attached = await started.manager.load("expert-a");
    expect(attached.name).toBe("expert-a");
    expect(started.model.attached).toEqual(["expert-b", "expert-a"]);
    expect(started.model.terms).toMatchObject([{ trust }, { trust }]);
    expect(started.manager.loaded).toEqual([
      { name: "expert-b", bytes: 100, inUse: false },
      { name: "expert-a", bytes: 100, inUse: false },
    ]);
  });

  test("the same expert twice, also at the same time, attaches it once", async () => {
    const { manager, model } = await stocked([named("a")]);
    const [first, second] = await Promise.all([manager.load("expert-a"), manager.load("expert-a")]);
    expect(first).toBe(second);
    expect(model.attached).toEqual(["expert-a"]);
  });

  test("what does not go together: the first reason's code, and all reasons", async () => {
    const { manager } = await stocked([
      named("a", { constraints: { requires: ["expert-y", "expert-z"] } }),
    ]);
    const error = await errorOf(() => manager.load("expert-a"));
    expect(error.code).toBe("RequirementMissing");
    expect(error.message).toMatch(/expert-y.*expert-z|expert-z.*expert-y/);
  });

  test("a package that says other than the list: ExpertChanged", async () => {
    const { manager, store, model } = await stocked([named("a", { description: "Adds one." })]);
    changing(store, ({ expert, bytes }) => ({ expert: { ...expert, manifest: {} }, bytes }));
    expect(await codeOf(() => manager.load("expert-a"))).toBe("ExpertChanged");
    expect(model.detached).toEqual(["expert-a"]);
    expect(manager.loaded).toEqual([]);
  });

  test("a package whose bytes changed after all is refused by its own hashes", async () => {
    const { manager, store } = await stocked([named("a")]);
    changing(store, ({ expert, bytes }) => {
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      return { expert, bytes };
    });
    expect((await manager.verify())[0]?.error?.code).toBe("ExpertSectionHash");
  });

  test("without a model: ModelNotLoaded", async () => {
    const { store } = await stocked([named("a")]);
    const manager = new ExpertManager({ store });
    expect(await codeOf(() => manager.load("expert-a"))).toBe("ModelNotLoaded");
    const chat = manager.chat([{ role: "user", content: "hello" }]);
    expect(await codeOf(() => chat.text())).toBe("ModelNotLoaded");
  });

  test("beyond the count lets the least recently used go", async () => {
    const started = await stocked([named("a"), named("b"), named("c")], { limits: { count: 2 } });
    for (const name of ["a", "b", "a", "c"]) await started.manager.load(`expert-${name}`);
    expect(loadedNames(started)).toEqual(["expert-a", "expert-c"]);
    expect(started.model.detached).toEqual(["expert-b"]);
  });

  test("beyond the bytes lets as many go as it takes", async () => {
    const started = await stocked([named("a"), named("b"), named("c")], { limits: { bytes: 250 } });
    for (const name of ["a", "b"]) await started.manager.load(`expert-${name}`);
    started.model.bytes = 200;
    await started.manager.load("expert-c");
    expect(loadedNames(started)).toEqual(["expert-c"]);
    started.model.bytes = 300;
    expect(await codeOf(() => started.manager.load("expert-a"))).toBe("ExpertBudget");
    expect(started.model.detached.at(-1)).toBe("expert-a");
  });

  test("limits that are none: InvalidArgument", async () => {
    for (const limits of [{ count: 0 }, { count: 11 }, { bytes: -1 }, { count: NaN }]) {
      expect(await codeOf(() => scene({ limits }))).toBe("InvalidArgument");
    }
  });

  test("unloads one, or all that nothing uses", async () => {
    const started = await stocked([named("a"), named("b")]);
    await started.manager.preload();
    await started.manager.unload("expert-a");
    await started.manager.unload("expert-a");
    expect(loadedNames(started)).toEqual(["expert-b"]);
    await started.manager.unload();
    expect(loadedNames(started)).toEqual([]);
  });

  test("preloads by priority while there is room, and tells what was refused", async () => {
    const started = await stocked(
      [
        named("a", { routing: { priority: 0.1 } }),
        named("b", { constraints: { requires: ["expert-z"] }, routing: { priority: 1 } }),
        named("c", { routing: { priority: 0.9 } }),
        named("d"),
      ],
      { limits: { count: 2 } },
    );
    const { loaded, refused } = await started.manager.preload();
    expect(loaded).toEqual(["expert-c", "expert-d"]);
    expect(refused).toMatchObject([{ name: "expert-b", error: { code: "RequirementMissing" } }]);
    expect(started.model.detached).toEqual([]);
    const unknown = started.manager.preload(["expert-z"]);
    expect(await codeOf(() => unknown)).toBe("ExpertNotInstalled");
  });

  test("updating or removing an expert detaches it", async () => {
    const started = await stocked([named("a")]);
    await started.manager.load("expert-a");
    await started.manager.update(await packed({ version: "2.0.0" }));
    expect(started.model.detached).toEqual(["expert-a"]);
  });
});

describe("a chat", () => {
  const question = [{ role: "user", content: "How many orders are open? Use SQL." }];
  const sql = { name: "expert-sql", routing: { keywords: ["sql", "orders", "how many"] } };

  async function asked(experts: Wish[] = [sql]): Promise<Scene> {
    const started = scene();
    for (const wish of experts) await started.manager.install(await packed(wish));
    return started;
  }

  test("is answered by the expert that it is for, which stays while it writes", async () => {
    const { manager, model } = await asked();
    const types: string[] = [];
    const chat = manager.chat(question, { maxTokens: 5 });
    for await (const part of chat) {
      types.push(part.type);
      if (part.type === "text") {
        expect(manager.loaded).toMatchObject([{ name: "expert-sql", inUse: true }]);
        expect(await codeOf(() => manager.unload("expert-sql"))).toBe("ExpertInUse");
      }
    }
    expect(types).toEqual(["route", "text", "finish"]);
    expect(model.chats).toEqual([{ experts: ["expert-sql"], maxTokens: 5 }]);
    expect(await chat.result()).toMatchObject({
      text: "answer",
      experts: ["expert-sql"],
      route: { expert: "expert-sql" },
    });
    expect(manager.loaded).toMatchObject([{ inUse: false }]);
  });

  test("is answered by the base model where none fits", async () => {
    const { manager, model } = await asked();
    const chat = manager.chat([{ role: "user", content: "Sing of autumn leaves" }]);
    expect(await chat.text()).toBe("answer");
    expect(await chat.result()).toMatchObject({ experts: [], route: { expert: null } });
    expect(model.attached).toEqual([]);
  });

  test("is answered by those that are named, the first deciding", async () => {
    const requires = ["expert-b"];
    const { manager, model } = await asked([
      { name: "expert-a", constraints: { requires } },
      { name: "expert-b" },
    ]);
    const result = await manager.chat(question, { experts: ["expert-a"] }).result();
    expect(result).toMatchObject({ experts: ["expert-a", "expert-b"], route: undefined });
    expect(model.attached).toEqual(["expert-b", "expert-a"]);
    await manager.chat(question, { experts: [] }).result();
    expect(model.chats.at(-1)).toEqual({ experts: [] });
  });

  test("passes over an expert that was made for another model", async () => {
    const { manager, model } = await asked([sql, { name: "expert-other", routing: sql.routing }]);
    model.refuse("expert-other", "BaseModelMismatch");
    const result = await manager.chat(question).result();
    expect(result.route?.expert).toBe("expert-sql");
    expect((await manager.route("orders")).candidates).toHaveLength(1);
  });

  test("fails where its expert is refused, and leaves nothing in use", async () => {
    const requires = ["expert-b"];
    const { manager, model } = await asked([
      { ...sql, constraints: { requires } },
      { name: "expert-b" },
    ]);
    model.refuse("expert-sql", "Revoked");
    const chat = manager.chat(question);
    expect(await codeOf(() => chat.text())).toBe("Revoked");
    expect(await codeOf(() => chat.result())).toBe("Revoked");
    expect(manager.loaded).toEqual([{ name: "expert-b", bytes: 100, inUse: false }]);
  });

  test("fails where the model refuses it, and leaves nothing in use", async () => {
    const { manager, model } = await asked();
    model.refuseChats = new AndonError("TemplateMissing", "no template");
    expect(await codeOf(() => manager.chat(question).text())).toBe("TemplateMissing");
    expect(manager.loaded).toMatchObject([{ inUse: false }]);
  });

  test("can be stopped before it begins and left while it goes on", async () => {
    const { manager, model } = await asked();
    const stopped = manager.chat(question);
    stopped.stop();
    await stopped.text();
    expect(model.stops).toBe(1);
    for await (const part of manager.chat(question)) if (part.type === "text") break;
    expect(manager.loaded).toMatchObject([{ inUse: false }]);
  });

  test("in a session goes on there", async () => {
    const { manager } = await asked();
    const other = new FakeModel();
    await manager.chat(question, { session: other.asSession }).text();
    expect(other.chats).toEqual([{ experts: ["expert-sql"] }]);
  });

  test("in which nobody asks anything: InvalidArgument", async () => {
    const { manager } = await asked();
    expect(await codeOf(() => manager.chat([]).text())).toBe("InvalidArgument");
  });

  test("asks the embedder for packages that bring embeddings", async () => {
    const embeddings = [{ space: "base", vector: [1, 0] }];
    const store = memoryExpertStore();
    const embedder = { space: "base", embed: () => Promise.resolve(Float32Array.of(2, 0)) };
    const { manager } = scene({ store, embedder });
    await manager.install(await packed({ router: { embeddings } }));
    const { candidates } = await manager.route("whatever that means");
    expect(candidates[0]?.scores.similarity).toBeCloseTo(1, 2);
  });
});

test("what cannot be listed can be asked for again", async () => {
  const store = memoryExpertStore();
  const { manager } = scene({ store });
  const list = store.list.bind(store);
  store.list = () => Promise.reject(new AndonError("ExpertStoreUnavailable", "away"));
  expect(await codeOf(() => manager.route("x"))).toBe("ExpertStoreUnavailable");
  store.list = list;
  expect((await manager.route("x")).expert).toBeNull();
});
