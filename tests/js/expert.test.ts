import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { memoryTrustStore, open, type Expert, type OpenOptions } from "andon";
import { codeOf, errorOf, thrownBy } from "./support/errors.js";
import { expertFile, grammar, longPath, metadata, peftFolder, valueOf } from "./support/experts.js";
import { keyOf, seedOf } from "./support/keys.js";
import { regressionFile } from "./support/models.js";
import { collect } from "./support/streams.js";

const layers = 4;
let file: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  file = await expertFile(layers, { signingKey: seedOf(5) });
});

const openExpert = (bytes: Uint8Array, options: OpenOptions = {}): Promise<Expert> =>
  open(bytes, { ...options, kind: "expert" });

/** A Blob that tells what is read of it. */
function watched(bytes: Uint8Array<ArrayBuffer>): { blob: Blob; reads: [number, number][] } {
  const reads: [number, number][] = [];
  class Watched extends Blob {
    override slice(start: number, end: number): Blob {
      reads.push([start, end]);
      return super.slice(start, end);
    }
  }
  return { blob: new Watched([bytes]), reads };
}

/** The file with one bit of a section's stored bytes changed. */
function damaged(expert: Expert, type: string): Uint8Array {
  const section = expert.sections.find((candidate) => candidate.type === type);
  const copy = file.slice();
  const at = (section?.offset ?? 0) + (section?.storedLength ?? 0) - 1;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe.each([
  ["version 2, in this thread", 2, false],
  ["version 2, in a worker", 2, true],
  ["version 1, in this thread", 1, false],
  ["version 1, in a worker", 1, true],
] as const)("%s", (_, version, worker) => {
  let expert: Expert;
  beforeAll(async () => {
    const bytes = version === 2 ? file : await expertFile(layers, { version });
    expert = await openExpert(bytes, { worker });
  });
  afterAll(() => {
    expert.dispose();
  });

  test("says what it is", () => {
    expect(expert.kind).toBe("expert");
    expect([expert.name, expert.version]).toEqual([metadata.name, metadata.version]);
    expect(expert.manifest.name).toBe(metadata.name);
    expect(expert.verdict.integrity).toBe("ok");
    expect(expert.description).toMatchObject({
      format: "expert",
      formatVersion: `${version}.0`,
      layers: [0, 1, 2, 3],
    });
    expect(expert.description.warnings.length).toBe(version === 2 ? 0 : 1);
    expect(expert.sections).toBe(expert.description.sections);
  });

  test("sums a layer up without its numbers", async () => {
    const { layer, modules } = await expert.summary(2);
    expect(layer).toBe(2);
    expect(modules).toHaveLength(1);
    expect(modules[0]).toMatchObject({ target: "q_proj", kind: "lora", rank: 2, scale: 2 });
    expect(modules[0]?.norm).toBeGreaterThan(0);
    expect(modules[0]).not.toHaveProperty("tensors");
  });

  test("gives a layer as float32", async () => {
    const { layer, modules } = await expert.layer(2);
    expect(layer).toBe(2);
    expect(modules).toHaveLength(1);
    const [module] = modules;
    expect(module).toMatchObject({ target: "q_proj", kind: "lora", rank: 2, scale: 2 });
    const { a, b } = module?.tensors ?? {};
    expect(a?.shape).toEqual([2, 64]);
    expect(b?.shape).toEqual([64, 2]);
    expect(a?.values).toEqual(Float32Array.from({ length: 128 }, (_v, i) => valueOf(2, i)));
    expect(b?.values[5]).toBe(-valueOf(2, 5));
  });

  test("gives all layers in order", async () => {
    const all = await collect(expert.layers());
    expect(all.map(({ layer }) => layer)).toEqual([0, 1, 2, 3]);
    expect(all[3]).toEqual(await expert.layer(3));
  });

  test("gives texts, metrics and attachments", async () => {
    expect(await expert.text("grammar")).toBe(grammar);
    expect(await expert.text("license")).toBe("MIT");
    expect(await expert.text("router")).toBeUndefined();
    expect(await expert.metrics()).toEqual({ accuracy: 0.75 });
    expect(await expert.attachments()).toEqual(
      expect.arrayContaining(["tokenizer.json", longPath]),
    );
    const { [longPath]: content } = peftFolder(1);
    expect(Uint8Array.from(await expert.attachment(longPath))).toEqual(
      Uint8Array.from(content ?? []),
    );
  });

  test("SectionUnknown", async () => {
    expect(await codeOf(() => expert.layer(layers))).toBe("SectionUnknown");
    expect(await codeOf(() => expert.layer(null))).toBe("SectionUnknown");
    expect(await codeOf(() => expert.prefetch([layers]))).toBe("SectionUnknown");
    expect(await codeOf(() => expert.section(999))).toBe("SectionUnknown");
    expect(await codeOf(() => expert.attachment("nothing"))).toBe("SectionUnknown");
  });

  test("verifies every byte", async () => {
    const onProgress = jest.fn();
    const verdict = await expert.verifyIntegrity({ onProgress });
    expect(verdict.integrity).toBe("ok");
    const size = file.length;
    if (version === 2) expect(onProgress).toHaveBeenLastCalledWith({ loaded: size, total: size });
  });

  test("compares its shapes with a base model", async () => {
    const config = (hidden: number): Uint8Array =>
      new TextEncoder().encode(
        JSON.stringify({
          hidden_size: hidden,
          intermediate_size: 256,
          num_hidden_layers: layers,
          num_attention_heads: 4,
          num_key_value_heads: 4,
          head_dim: hidden / 4,
          vocab_size: 1000,
        }),
      );
    await expert.verifyIntegrity({ baseConfig: config(64) });
    const mismatch = (): unknown => expert.verifyIntegrity({ baseConfig: config(128) });
    expect(await codeOf(mismatch)).toBe("BaseShapeMismatch");
    const none = (): unknown => expert.verifyIntegrity({ baseConfig: new Uint8Array([1]) });
    expect(await codeOf(none)).toBe("JsonSyntax");
  });

  test("Disposed", async () => {
    const bytes = version === 2 ? file : await expertFile(1, { version });
    const mine = await openExpert(bytes, { worker });
    const waiting = thrownBy(() => mine.layer(0)).catch(() => "answered at once");
    mine.dispose();
    if (version === 2 || worker) expect(await waiting).toMatchObject({ code: "Disposed" });
    else expect(await waiting).toBe("answered at once");
    expect(await codeOf(() => mine.layer(0))).toBe("Disposed");
    expect(await codeOf(() => mine.verifyIntegrity())).toBe("Disposed");
    expect(mine.description.name).toBe(metadata.name);
  });
});

test("only the head and the certificates are read to open; a layer is one range", async () => {
  const { blob, reads } = watched(file);
  const expert = await open(blob, { kind: "expert" });
  expect(reads).toHaveLength(4); // 512 bytes to know it by, fixed header, head, certificates
  reads.length = 0;
  await expert.layer(1);
  await expert.layer(1); // kept
  const section = expert.sections.find(({ layer }) => layer === 1);
  expect(reads).toHaveLength(1);
  expect(reads[0]?.[1]).toBe((section?.offset ?? 0) + (section?.storedLength ?? 0));
  await expert.prefetch([2]);
  expect(reads).toHaveLength(2);
  await expert.layer(2);
  expect(reads).toHaveLength(2);
  expert.dispose();
});

test("calls for the same section share one read, and each has its own numbers", async () => {
  const { blob, reads } = watched(file);
  const expert = await open(blob, { kind: "expert" });
  reads.length = 0;
  const [one, other] = await Promise.all([expert.layer(1), expert.layer(1), expert.prefetch([1])]);
  expect(reads).toHaveLength(1);
  expect(one).toEqual(other);
  expect(one.modules[0]?.tensors.a?.values).not.toBe(other.modules[0]?.tensors.a?.values);
  expert.dispose();
});

test("a read goes on for who still waits, and is aborted with the last", async () => {
  const { blob } = watched(file);
  const expert = await open(blob, { kind: "expert" });
  const abort = new AbortController();
  const gone = thrownBy(() => expert.layer(0, { signal: abort.signal }));
  const stays = expert.layer(0);
  abort.abort();
  expect(await gone).toMatchObject({ name: "AbortError" });
  expect((await stays).layer).toBe(0);
  expect(await thrownBy(() => expert.layer(1, { signal: abort.signal }))).toMatchObject({
    name: "AbortError",
  });
  expect(await thrownBy(() => collect(expert.layers({ signal: abort.signal })))).toMatchObject({
    name: "AbortError",
  });
  const { signal } = abort;
  expect(await thrownBy(() => expert.verifyIntegrity({ signal }))).toMatchObject({
    name: "AbortError",
  });
  expert.dispose();
});

test("a small budget reads again what it had to let go", async () => {
  const { blob, reads } = watched(file);
  const expert = await open(blob, { kind: "expert", cacheBytes: 1 });
  reads.length = 0;
  const all = await Promise.all([0, 1, 2, 3, 0, 1].map((layer) => expert.layer(layer)));
  expect(all.map(({ layer }) => layer)).toEqual([0, 1, 2, 3, 0, 1]);
  expect(reads.length).toBeGreaterThanOrEqual(4);
  reads.length = 0;
  await expert.layer(0);
  await expert.layer(1);
  await expert.layer(0);
  expect(reads.length).toBeGreaterThanOrEqual(2);
  expert.dispose();
});

test("stopping early stops reading ahead", async () => {
  const expert = await openExpert(file);
  for await (const { layer } of expert.layers()) {
    expect(layer).toBe(0);
    break;
  }
  expert.dispose();
});

test.each(["F16", "BF16"] as const)("%s comes as float32", async (dtype) => {
  const expert = await openExpert(await expertFile(1, { dtype }));
  const [module] = (await expert.layer(0)).modules;
  expect(module?.dtype).toBe(dtype);
  expect(module?.tensors.a?.values[3]).toBe(valueOf(0, 3)); // exact in both
  expert.dispose();
});

test("damage is found where it is used, and the rest still works", async () => {
  const expert = await openExpert(damaged(await openExpert(file), "grammar"));
  const error = await errorOf(() => expert.text("grammar"));
  expect(error.code).toBe("ExpertSectionHash");
  expect(error.verdict).toMatchObject({ integrity: "corrupt", signature: "valid" });
  expect((await expert.layer(0)).layer).toBe(0);
  expect(await codeOf(() => expert.verifyIntegrity())).toBe("ExpertSectionHash");
  expert.dispose();
});

describe("kind", () => {
  test("KindMismatch", async () => {
    expect(await codeOf(() => open(file, { kind: "model" }))).toBe("KindMismatch");
    const old = await expertFile(1, { version: 1 });
    expect(await codeOf(() => open(old, { kind: "model" }))).toBe("KindMismatch");
    const model = await regressionFile();
    expect(await codeOf(() => open(model, { kind: "expert" }))).toBe("KindMismatch");
  });

  test("tells what was opened", async () => {
    for (const bytes of [file, await regressionFile()]) {
      const opened = await open(bytes);
      expect(opened.kind).toBe(bytes === file ? "expert" : "model");
      opened.dispose();
    }
  });
});

test.each([-1, NaN])("cacheBytes of %s is InvalidArgument", async (cacheBytes) => {
  expect(await codeOf(() => open(file, { cacheBytes }))).toBe("InvalidArgument");
});

test("FileTooLarge", async () => {
  expect(await codeOf(() => open(file, { maxBytes: file.length - 1 }))).toBe("FileTooLarge");
  const stream = new Blob([file]).stream() as ReadableStream<Uint8Array>;
  expect(await codeOf(() => open(stream, { maxBytes: file.length - 1 }))).toBe("FileTooLarge");
});

describe("trust", () => {
  const key = keyOf(5);

  test("SignerUnknown, SignatureMissing", async () => {
    const trust = [{ key: keyOf(6) }];
    expect(await codeOf(() => open(file, { trust }))).toBe("SignerUnknown");
    const bare = await expertFile(1);
    expect(await codeOf(() => open(bare, { trust }))).toBe("SignatureMissing");
  });

  test("an accepted release is remembered, and an older one refused", async () => {
    const store = memoryTrustStore();
    await store.addKey({ key, name: "Acme" });
    const expert = await openExpert(file, { trust: store });
    expect(expert.verdict).toMatchObject({ trust: "trusted" });
    expect(await store.remembered("expert-sample")).toMatchObject({
      releaseCounter: 7,
      signed: true,
    });
    expert.dispose();
    const older = await expertFile(1, {
      signingKey: seedOf(5),
      metadata: { ...metadata, release_counter: 6 },
    });
    const error = await errorOf(() => open(older, { trust: store }));
    expect(error.code).toBe("Rollback");
    expect(error.verdict).toMatchObject({ trust: "rollback" });
    const bare = await expertFile(1);
    const options = { trust: store, allowUnsigned: true };
    expect(await codeOf(() => open(bare, options))).toBe("Downgrade");
  });

  test("CertificateExpired", async () => {
    const now = new Date("2099-01-01");
    expect(await codeOf(() => open(file, { trust: [{ key }], now }))).toBe("CertificateExpired");
  });
});

test("every changed byte of a signed expert is found", async () => {
  const small = await expertFile(1, { signingKey: seedOf(5) });
  const trust = [{ key: keyOf(5) }];
  const missed: number[] = [];
  for (let at = 0; at < small.length; at++) {
    const copy = small.slice();
    copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
    try {
      using expert = await openExpert(copy, { trust });
      await expert.verifyIntegrity();
      missed.push(at);
    } catch (thrown) {
      expect(thrown).toMatchObject({ name: "AndonError" });
    }
  }
  expect(missed).toEqual([]);
});
