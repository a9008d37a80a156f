// A small folder as PEFT saves it, with what a publisher puts beside it.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const HIDDEN = 16;
const RANK = 4;
const LAYERS = 2;

export const CONFIG = {
  peft_type: "LORA",
  base_model_name_or_path: "Qwen/Qwen3-0.6B",
  r: RANK,
  lora_alpha: 8,
  target_modules: ["q_proj", "v_proj"],
  fan_in_fan_out: false,
  bias: "none",
};

/** config.json of a base model that the adapter fits. */
export const BASE_CONFIG = {
  num_hidden_layers: LAYERS,
  hidden_size: HIDDEN,
  intermediate_size: 2 * HIDDEN,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  head_dim: HIDDEN / 2,
  vocab_size: 100,
};

export async function writePeftFolder(
  folder: string,
  extra: Record<string, string> = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files: Record<string, string | Uint8Array> = {
    "adapter_config.json": JSON.stringify(CONFIG),
    "adapter_model.safetensors": adapter(),
    "README.md": "# SQL\n\nWrites SQL.\n",
    LICENSE: "Apache-2.0\n",
    "grammar.gbnf": 'root ::= "SELECT " [a-z]+\n',
    ...extra,
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
}

/** Low-rank factors for q_proj and v_proj of every layer, the same values each time. */
export function adapter(scale = 1): Uint8Array {
  const tensors: [name: string, shape: [number, number]][] = [];
  for (let layer = 0; layer < LAYERS; layer += 1) {
    for (const module of ["q_proj", "v_proj"]) {
      const stem = `base_model.model.model.layers.${layer}.self_attn.${module}`;
      tensors.push([`${stem}.lora_A.weight`, [RANK, HIDDEN]]);
      tensors.push([`${stem}.lora_B.weight`, [HIDDEN, RANK]]);
    }
  }
  const header: Record<string, unknown> = {};
  const values: number[] = [];
  for (const [name, shape] of tensors) {
    const start = values.length * 4;
    for (let i = 0; i < shape[0] * shape[1]; i += 1) {
      values.push((scale * (((values.length * 37) % 101) - 50)) / 1000);
    }
    header[name] = { dtype: "F32", shape, data_offsets: [start, values.length * 4] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const data = Buffer.from(Float32Array.from(values).buffer);
  return Buffer.concat([length, json, data]);
}
