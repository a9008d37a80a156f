// Adapters of the shapes of Qwen3-0.6B, as PEFT writes them, with values like those of training: A
// from its initialisation, B and magnitudes of a spread that differs from module to module.

import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";

const layers = 28;
const hidden = 1024;
const intermediate = 3072;
const heads = 16;
const kvHeads = 8;
const headDim = 128;

/** [in, out] of the modules of a layer. */
const modules = {
  "self_attn.q_proj": [hidden, heads * headDim],
  "self_attn.k_proj": [hidden, kvHeads * headDim],
  "self_attn.v_proj": [hidden, kvHeads * headDim],
  "self_attn.o_proj": [heads * headDim, hidden],
  "mlp.gate_proj": [hidden, intermediate],
  "mlp.up_proj": [hidden, intermediate],
  "mlp.down_proj": [intermediate, hidden],
};

/** Numbers in [0, 1) that are the same at every run: the 32-bit mixer of xxHash over a counter. */
function uniformNumbers(seed) {
  let counter = seed;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let bits = Math.imul(counter ^ (counter >>> 15), 0x85ebca77);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae3d);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}

function uniform(random, count, bound) {
  return Float32Array.from({ length: count }, () => (2 * random() - 1) * bound);
}

function normal(random, count, mean, deviation) {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    values[i] = mean + deviation * radius * Math.cos(2 * Math.PI * random());
  }
  return values;
}

/** Tensors of a module: [name, shape, values of that many numbers from a source of randomness]. */
function loraTensors(name, [inputs, outputs], rank) {
  return [
    [
      `${name}.lora_A.weight`,
      [rank, inputs],
      (random, count) => uniform(random, count, 1 / Math.sqrt(inputs)),
    ],
    [
      `${name}.lora_B.weight`,
      [outputs, rank],
      (random, count) => normal(random, count, 0, 0.002 + 0.01 * random()),
    ],
  ];
}

const tensorsOf = {
  lora: loraTensors,
  dora: (name, shape, rank) => [
    ...loraTensors(name, shape, rank),
    [
      `${name}.lora_magnitude_vector`,
      [shape[1]],
      (random, count) => normal(random, count, 1 + random(), 0.1),
    ],
  ],
  ia3: (name, [inputs, outputs]) => [
    [
      `${name}.ia3_l`,
      name.endsWith("down_proj") ? [1, inputs] : [outputs, 1],
      (random, count) => normal(random, count, 1, 0.02),
    ],
  ],
};

function configOf(kind, rank) {
  const common = {
    base_model_name_or_path: "Qwen/Qwen3-0.6B",
    task_type: "CAUSAL_LM",
    bias: "none",
    fan_in_fan_out: false,
    target_modules: Object.keys(modules).map((module) => module.split(".")[1]),
  };
  if (kind === "ia3") return { ...common, peft_type: "IA3", feedforward_modules: ["down_proj"] };
  return { ...common, peft_type: "LORA", r: rank, lora_alpha: 2 * rank, use_dora: kind === "dora" };
}

/** IEEE 754 binary16 of a number whose magnitude is below 65,504, rounded to nearest. */
function halfBits(value) {
  const sign = value < 0 ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude < 2 ** -14) return sign | Math.round(magnitude * 2 ** 24);
  const exponent = Math.floor(Math.log2(magnitude));
  return sign | (((exponent + 15) << 10) + Math.round((magnitude / 2 ** exponent - 1) * 1024));
}

/** Upper half of a binary32, rounded to even. */
function bfloatBits(word) {
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

const elementBytes = { F32: 4, F16: 2, BF16: 2 };
const encode = {
  F32: (values) => values,
  F16: (values) => Uint16Array.from(values, halfBits),
  BF16: (values) => Uint16Array.from(new Uint32Array(values.buffer), bfloatBits),
};

/** Writes a safetensors file: u64 header length, JSON header, data. */
async function writeSafetensors(path, tensors, dtype, seed) {
  const header = {};
  let end = 0;
  for (const [name, shape] of tensors) {
    const start = end;
    end += shape.reduce((product, size) => product * size, elementBytes[dtype]);
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = await open(path, "w");
  await file.writeFile(Buffer.concat([length, text]));
  const random = uniformNumbers(seed);
  for (const [, shape, values] of tensors) {
    const count = shape.reduce((product, size) => product * size, 1);
    const { buffer } = encode[dtype](values(random, count));
    await file.writeFile(new Uint8Array(buffer));
  }
  await file.close();
}

/** Bytes of the tensors of a LoRA. */
export function loraBytes(dtype, rank = 16) {
  const values = Object.values(modules).reduce(
    (sum, [inputs, outputs]) => sum + inputs + outputs,
    0,
  );
  return layers * rank * values * elementBytes[dtype];
}

/** Writes a PEFT folder: kind "lora", "dora" or "ia3", dtype "F32", "F16" or "BF16"; other values for every seed. */
export async function writePeftFolder(folder, { kind, dtype, rank = 16, seed = 42 }) {
  await mkdir(folder, { recursive: true });
  const tensors = Array.from({ length: layers }, (_, layer) =>
    Object.entries(modules).flatMap(([module, shape]) =>
      tensorsOf[kind](`base_model.model.model.layers.${layer}.${module}`, shape, rank),
    ),
  ).flat();
  await writeSafetensors(join(folder, "adapter_model.safetensors"), tensors, dtype, seed);
  await writeFile(join(folder, "adapter_config.json"), JSON.stringify(configOf(kind, rank)));
  await writeFile(join(folder, "LICENSE"), "Apache-2.0\n");
}
