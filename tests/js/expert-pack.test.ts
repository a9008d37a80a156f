import { describe, expect, test } from "@jest/globals";
import {
  convertExpert,
  type ExpertFile,
  type ExpertPackOptions,
  open,
  packExpert,
  type ReadableFile,
  signExpert,
  type WritableFile,
} from "andon";
import { codeOf, thrownBy } from "./support/errors.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const key = new Uint8Array(32).fill(3);

/** LoRA of rank 2 for one module of one layer, from 4 to 6 features. */
function adapter(): Uint8Array {
  const name = "base_model.model.model.layers.0.self_attn.q_proj";
  const header = JSON.stringify({
    [`${name}.lora_A.weight`]: { dtype: "F32", shape: [2, 4], data_offsets: [0, 32] },
    [`${name}.lora_B.weight`]: { dtype: "F32", shape: [6, 2], data_offsets: [32, 80] },
  });
  const file = new Uint8Array(8 + header.length + 80);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(text(header), 8);
  const values = Float32Array.from({ length: 20 }, (_, i) => i / 8 - 1);
  file.set(new Uint8Array(values.buffer), 8 + header.length);
  return file;
}

function folder(): Record<string, Uint8Array> {
  return {
    "adapter_model.safetensors": adapter(),
    "adapter_config.json": text('{"peft_type":"LORA","r":2,"lora_alpha":4}'),
    "README.md": text("# Sample"),
    "expert.json": text('{"name":"expert-sample","version":"1.0.0","release_counter":3}'),
  };
}

/** Reads by ranges and counts. */
class Ranges implements ReadableFile {
  reads = 0;
  constructor(readonly bytes: Uint8Array) {}
  get size(): number {
    return this.bytes.length;
  }
  read(offset: number, to: Uint8Array): void {
    this.reads++;
    to.set(this.bytes.subarray(offset, offset + to.length));
  }
}

test("what was packed opens as an expert", async () => {
  const { bytes, report } = await packExpert(folder());
  const expert = await open(bytes, { kind: "expert" });
  expect(expert.name).toBe("expert-sample");
  expect(expert.description.releaseCounter).toBe(3);
  expect(report).toMatchObject({ formatVersion: "2.0", signed: false, storedBytes: bytes.length });
  const layer = await expert.layer(0);
  expect(layer.modules[0]).toMatchObject({ target: "q_proj", kind: "lora", rank: 2, scale: 2 });
  expect(await expert.text("docs")).toBe("# Sample");
  expert.dispose();
});

test("signed with one key, trusted by it", async () => {
  const { bytes } = await packExpert(folder(), { signingKey: key });
  const expert = await open(bytes, { kind: "expert" });
  expect(expert.verdict).toMatchObject({ signature: "valid", trust: "unknown" });
  const trust = [{ key: expert.verdict.signer ?? "", name: "me" }];
  expert.dispose();
  const trusted = await open(bytes, { kind: "expert", trust });
  expect(trusted.verdict).toMatchObject({ trust: "trusted", signerName: "me" });
  trusted.dispose();
});

test("the same input gives the same bytes", async () => {
  const options = { signingKey: key, now: 1_700_000_000 };
  expect(await packExpert(folder(), options)).toEqual(await packExpert(folder(), options));
  const dated = { ...options, now: new Date(1_700_000_000_000) };
  expect(await packExpert(folder(), dated)).toEqual(await packExpert(folder(), options));
});

test("options reach the package", async () => {
  const stored = await packExpert(folder(), { codec: "none", metadata: { author: "me" } });
  expect(stored.report.sections?.every(({ codec }) => codec === "none")).toBe(true);
  const expert = await open(stored.bytes, { kind: "expert" });
  expect(expert.manifest.author).toBe("me");
  expert.dispose();
  const half = await packExpert(folder(), { dtype: "F16", codec: "zstd", compressionLevel: 1 });
  expect(half.report.rawBytes).toBeLessThan(stored.report.rawBytes);
});

test("from version 1 to 2 and back every file is kept", async () => {
  const old = await packExpert(folder(), { version: 1 });
  expect(old.report.formatVersion).toBe("1.0");
  const binary = await convertExpert(old.bytes, { version: 2 });
  const back = await convertExpert(binary.bytes, { version: 1 });
  expect(back.report.files).toEqual(old.report.files);
  expect(await codeOf(() => convertExpert(binary.bytes))).toBe("InvalidArgument");
});

test("a signature is replaced, and dropped by converting", async () => {
  const first = await signExpert((await packExpert(folder())).bytes, { signingKey: key });
  const second = await signExpert(first.bytes, { signingKey: new Uint8Array(32).fill(9) });
  expect(second.report.sections?.length).toBe(first.report.sections?.length);
  const { report } = await convertExpert(second.bytes, { version: 1 });
  expect(report).toMatchObject({ signed: false, signatureDropped: true });
});

test("files are read by ranges and written where they should go", async () => {
  const source = new Ranges(adapter());
  const written: number[] = [];
  const output: WritableFile = {
    append: (bytes) => {
      written.push(...bytes);
    },
    read: (offset, to) => {
      to.set(written.slice(offset, offset + to.length));
    },
    replace: (offset, bytes) => {
      written.splice(offset, bytes.length, ...bytes);
    },
  };
  const files = { ...folder(), "adapter_model.safetensors": source };
  const { bytes } = await packExpert(files, { output });
  expect(bytes.length).toBe(0);
  expect(source.reads).toBeGreaterThan(2);
  expect(Uint8Array.from(written)).toEqual((await packExpert(folder())).bytes);
});

test("progress reaches its end", async () => {
  const seen: { loaded: number; total: number | undefined }[] = [];
  await packExpert(folder(), { onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)?.loaded).toBe(seen.at(-1)?.total);
});

describe("what callers throw is passed on, and the core stays usable", () => {
  const failure = new Error("mine");
  const fail = (): never => {
    throw failure;
  };
  const output = (broken: keyof WritableFile): WritableFile => ({
    append: () => undefined,
    read: () => undefined,
    replace: () => undefined,
    [broken]: fail,
  });
  test.each<[string, Record<string, ExpertFile>, ExpertPackOptions]>([
    ["a file", { "adapter_model.safetensors": { size: 100, read: fail } }, {}],
    ["append", {}, { output: output("append") }],
    ["read", {}, { output: output("read") }],
    ["replace", {}, { output: output("replace") }],
    ["onProgress", {}, { onProgress: fail }],
  ])("%s", async (_name, files, options) => {
    expect(await thrownBy(() => packExpert({ ...folder(), ...files }, options))).toBe(failure);
    expect((await packExpert(folder())).report.name).toBe("expert-sample");
  });

  test("a signal", async () => {
    const aborted = AbortSignal.abort(failure);
    expect(await thrownBy(() => packExpert(folder(), { signal: aborted }))).toBe(failure);
    const controller = new AbortController();
    const options = {
      signal: controller.signal,
      onProgress: () => {
        controller.abort(failure);
      },
    };
    expect(await thrownBy(() => packExpert(folder(), options))).toBe(failure);
  });
});

describe("refusals", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  test.each<[string, string, Record<string, unknown>]>([
    ["InvalidArgument", "metadata that is not JSON", { metadata: circular }],
    ["InvalidArgument", "metadata that is a function", { metadata: () => 0 }],
    ["InvalidArgument", "another version", { version: 3 }],
    ["InvalidArgument", "a level beyond zstd's", { compressionLevel: 99 }],
    ["InvalidArgument", "a chain that is no bytes", { signingKey: key, chain: "x" }],
    ["InvalidArgument", "a time that is none", { signingKey: key, now: -1 }],
    ["KeyMalformed", "a key of another size", { signingKey: new Uint8Array(31) }],
    ["ExpertMetadataField", "a name that is none", { metadata: { name: "x" } }],
  ])("%s: %s", async (code, _name, options) => {
    expect(await codeOf(() => packExpert(folder(), options as ExpertPackOptions))).toBe(code);
  });

  test("InvalidArgument: a file that is neither bytes nor read by ranges", async () => {
    for (const file of ["text", null, { size: 1 }]) {
      const files = { a: file } as unknown as Record<string, Uint8Array>;
      expect(await codeOf(() => packExpert(files))).toBe("InvalidArgument");
    }
  });

  test("KeyMalformed: signing without a key", async () => {
    const { bytes } = await packExpert(folder());
    const none = { signingKey: undefined as unknown as Uint8Array };
    expect(await codeOf(() => signExpert(bytes, none))).toBe("KeyMalformed");
  });

  test("PeftUnsupported: another kind of adapter", async () => {
    const files = { ...folder(), "adapter_config.json": text('{"peft_type":"ADALORA"}') };
    expect(await codeOf(() => packExpert(files))).toBe("PeftUnsupported");
  });
});
