// A small LoRA adapter as PEFT writes it, packed as an expert of either version.

import { packExpert, type ExpertPackOptions } from "andon";

const rank = 2;
const width = 64;

/** Value `i` of tensor `a` of a layer; of `b` it is negative. */
export const valueOf = (layer: number, i: number): number => layer + (i % 32) / 4;

function tensorOf(layer: number, sign: 1 | -1): Float32Array {
  return Float32Array.from({ length: rank * width }, (_, i) => sign * valueOf(layer, i));
}

function safetensors(tensors: Map<string, { shape: number[]; values: Float32Array }>): Uint8Array {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const parts = [...tensors.values()].map(({ values }) => new Uint8Array(values.buffer));
  const length = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  return Buffer.concat([length, text, ...parts]);
}

export const grammar = 'root ::= "yes" | "no"';
export const longPath = "tests/a_name_of_more_than_24_bytes.jsonl";

/** The files of a PEFT folder with `layers` decoder layers. */
export function peftFolder(layers: number): Record<string, Uint8Array> {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const tensors = new Map<string, { shape: number[]; values: Float32Array }>();
  for (let layer = 0; layer < layers; layer++) {
    const name = `base_model.model.model.layers.${layer}.self_attn.q_proj`;
    tensors.set(`${name}.lora_A.weight`, { shape: [rank, width], values: tensorOf(layer, 1) });
    tensors.set(`${name}.lora_B.weight`, { shape: [width, rank], values: tensorOf(layer, -1) });
  }
  const config = { peft_type: "LORA", r: rank, lora_alpha: 4, target_modules: ["q_proj"] };
  return {
    "adapter_config.json": bytes(JSON.stringify(config)),
    "adapter_model.safetensors": safetensors(tensors),
    "grammar.gbnf": bytes(grammar),
    "metrics.json": bytes('{"accuracy":0.75}'),
    LICENSE: bytes("MIT"),
    [longPath]: bytes("{}\n"),
    "tokenizer.json": bytes('{"model":{}}'),
  };
}

export const metadata = { name: "expert-sample", version: "1.2.3", release_counter: 7 };

export async function expertFile(
  layers = 3,
  options: ExpertPackOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = peftFolder(layers);
  if (options.version === 1) {
    folder["manifest.json"] = new TextEncoder().encode(
      JSON.stringify({ name: metadata.name, version: metadata.version, schema_version: "2.0" }),
    );
  }
  const { bytes } = await packExpert(folder, {
    ...(options.version === 1 ? {} : { metadata }),
    ...options,
  });
  return Uint8Array.from(bytes);
}
