import { describe, expect, test } from "@jest/globals";
import { convertToOsd, open, packExpert, type OsdOptions } from "andon";
import { codeOf } from "./support/errors.js";

const HIDDEN = 48;
const RANK = 6;
const MODULES = ["q_proj", "v_proj"] as const;
const METADATA = { name: "expert-sample", version: "1.0.0" };

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A safetensors file; values are drawn anew for each seed, and few of them are large. */
function tensors(shapes: Readonly<Record<string, [number, number]>>, seed = 1): Uint8Array {
  const header: Record<string, unknown> = {};
  const values: number[] = [];
  let state = seed;
  for (const [name, [rows, columns]] of Object.entries(shapes)) {
    const start = values.length * 4;
    for (let i = 0; i < rows * columns; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      values.push((state / 2 ** 31 - 1) ** 5);
    }
    header[name] = {
      dtype: "F32",
      shape: [rows, columns],
      data_offsets: [start, values.length * 4],
    };
  }
  const json = text(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + 4 * values.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(new Uint8Array(Float32Array.from(values).buffer), 8 + json.length);
  return file;
}

function adapter(): Record<string, Uint8Array> {
  const shapes: Record<string, [number, number]> = {};
  for (const module of MODULES) {
    const stem = `base_model.model.model.layers.0.self_attn.${module}`;
    shapes[`${stem}.lora_A.weight`] = [RANK, HIDDEN];
    shapes[`${stem}.lora_B.weight`] = [HIDDEN, RANK];
  }
  return {
    "adapter_model.safetensors": tensors(shapes),
    "adapter_config.json": text(`{"peft_type":"LORA","r":${RANK},"lora_alpha":${RANK}}`),
    "README.md": text("# Sample"),
  };
}

const model = (seed: number, name = "q_proj"): Record<string, Uint8Array> => ({
  "model.safetensors": tensors({ [`model.layers.0.self_attn.${name}.weight`]: [48, 40] }, seed),
});

const small: OsdOptions = { rank: 3, metadata: METADATA };

describe("convertToOsd", () => {
  test("makes an expert within the size of a LoRA, and says how close it is", async () => {
    const { bytes, report } = await convertToOsd({ adapter: adapter() }, small);
    const { osd } = report;
    expect(osd).toMatchObject({ rank: 3, relaxedRank: 6, dtype: "F16", size: "stored" });
    expect(osd.modules.map(({ module }) => module)).toEqual([...MODULES]);
    for (const module of osd.modules) expect(module.bytes).toBeLessThanOrEqual(module.budget);
    expect(osd.total.error).toBeGreaterThan(0);
    expect(osd.total.error).toBeLessThan(1);
    const expert = await open(bytes, { kind: "expert" });
    expect(expert.manifest).toMatchObject({ adapter: { kind: "osd", rank: 6 } });
    const { modules } = await expert.layer(0);
    expect(modules.map(({ kind }) => kind)).toEqual(["osd", "osd"]);
    expect(await expert.text("docs")).toBe("# Sample");
    expert.dispose();
  });

  test("of a package is that of its folder", async () => {
    const packed = await packExpert(adapter(), { metadata: METADATA });
    const [one, other] = await Promise.all([
      convertToOsd({ expert: packed.bytes }, small),
      convertToOsd({ adapter: adapter() }, small),
    ]);
    expect(one.report.osd).toEqual(other.report.osd);
  });

  test("of two models is what fine-tuning changed", async () => {
    const pair = { base: model(1), tuned: model(2), baseName: "tiny", extra: {} };
    const { report } = await convertToOsd(pair, { ...small, sparseFormat: "csc", sparsity: 0.01 });
    expect(report.osd).toMatchObject({ sparseFormat: "csc", blend: 0.5, leftOut: [] });
    expect(report.osd.modules).toMatchObject([{ outFeatures: 48, inFeatures: 40 }]);
    expect(report.osd.total.residualValues).toBe(19);
  });

  test("searches a grid, ours or the caller's", async () => {
    const { report } = await convertToOsd({ adapter: adapter() }, { ...small, grid: true });
    expect(report.osd.grid).toHaveLength(20);
    const grid = { ranks: [2, 4], sparsities: [0, 0.9] };
    const own = await convertToOsd({ adapter: adapter() }, { ...small, grid, size: "memory" });
    expect(own.report.osd.grid.map(({ fits }) => fits)).toEqual([true, false, true, false]);
    expect(own.report.osd.size).toBe("memory");
  });

  test("takes gradients of the names of the weights", async () => {
    const gradients = model(5)["model.safetensors"] ?? new Uint8Array();
    const pair = { base: model(1), tuned: model(2) };
    const { report } = await convertToOsd(pair, { ...small, gradients });
    expect(report.osd.importance).toBe("gradient");
    const other = { base: model(1, "k_proj"), tuned: model(2, "k_proj") };
    const code = await codeOf(() => convertToOsd(other, { ...small, gradients }));
    expect(code).toBe("TensorMissing");
  });

  test.each<[string, OsdOptions]>([
    ["a rank that is no whole number", { ...small, rank: 1.5 }],
    ["a rank of the grid below zero", { ...small, grid: { ranks: [-1], sparsities: [0] } }],
    ["a rank of zero", { ...small, rank: 0 }],
    ["a blend of one", { ...small, blend: 1 }],
    ["a sparsity above one", { ...small, sparsity: 2 }],
    ["a residual beyond the budget", { ...small, sparsity: 0.9 }],
  ])("refuses %s", async (_, options) => {
    const code = await codeOf(() => convertToOsd({ adapter: adapter() }, options));
    expect(code).toBe("InvalidArgument");
  });

  test("refuses damaged files with the codes of their formats", async () => {
    const files = adapter();
    const damaged = { ...files, "adapter_model.safetensors": new Uint8Array(4) };
    expect(await codeOf(() => convertToOsd({ adapter: damaged }, small))).toBe(
      "SafetensorsTooShort",
    );
    const garbage = new Uint8Array(300);
    expect(await codeOf(() => convertToOsd({ expert: garbage }, small))).toBe("ZipNoEndRecord");
  });
});
