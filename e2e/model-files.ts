// Language models in several files: a GGUF file split into parts, and a folder as Hugging Face has them.

import { vocabulary } from "../tests/js/support/gguf.js";
import { file, type TestFile } from "./packages.js";

const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const text = (value: string): Buffer => Buffer.concat([u64(value.length), Buffer.from(value)]);

function aligned(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 31)]);
}

/** As llama.cpp splits it with a first part that has no tensors. */
export function splitModel({ buffer }: TestFile): TestFile[] {
  const infos = buffer.indexOf(text("token_embd.weight"));
  const last = buffer.lastIndexOf(".weight", infos + 8192) + ".weight".length;
  const infosEnd = last + 4 + 8 * buffer.readUInt32LE(last) + 4 + 8;
  const data = Math.ceil(infosEnd / 32) * 32;
  const tensors = Number(buffer.readBigUInt64LE(8));
  const pairs = Number(buffer.readBigUInt64LE(16));
  const own = (part: number): Buffer =>
    Buffer.concat([
      ...[text("split.no"), u32(4), u32(part)],
      ...[text("split.count"), u32(4), u32(2)],
      ...[text("split.tensors.count"), u32(5), u32(tensors)],
    ]);
  const head = (tensorsHere: number, pairsHere: number): Buffer =>
    Buffer.concat([Buffer.from("GGUF"), u32(3), u64(tensorsHere), u64(pairsHere)]);
  const first = aligned(Buffer.concat([head(0, pairs + 3), buffer.subarray(24, infos), own(0)]));
  const second = aligned(
    Buffer.concat([head(tensors, 3), own(1), buffer.subarray(infos, infosEnd)]),
  );
  return [
    file("model-00001-of-00002.gguf", first),
    file("model-00002-of-00002.gguf", Buffer.concat([second, buffer.subarray(data)])),
  ];
}

const hidden = 32;
const inner = 64;

function randomTensors(): [name: string, shape: number[]][] {
  const layer = (name: string, ...shape: number[]): [string, number[]] => [
    `model.layers.0.${name}.weight`,
    shape,
  ];
  return [
    ["model.embed_tokens.weight", [vocabulary.length, hidden]],
    layer("input_layernorm", hidden),
    layer("self_attn.q_proj", hidden, hidden),
    layer("self_attn.k_proj", hidden, hidden),
    layer("self_attn.v_proj", hidden, hidden),
    layer("self_attn.o_proj", hidden, hidden),
    layer("post_attention_layernorm", hidden),
    layer("mlp.gate_proj", inner, hidden),
    layer("mlp.up_proj", inner, hidden),
    layer("mlp.down_proj", hidden, inner),
    ["model.norm.weight", [hidden]],
    ["lm_head.weight", [vocabulary.length, hidden]],
  ];
}

function safetensors(): Buffer {
  const header: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  let offset = 0;
  let state = 1;
  for (const [name, shape] of randomTensors()) {
    const numbers = new Float32Array(shape.reduce((a, b) => a * b));
    for (let i = 0; i < numbers.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes
      numbers[i] = shape.length === 1 ? 1 : (state / 2 ** 31 - 1) * 0.4;
    }
    const end = offset + numbers.byteLength;
    header[name] = { dtype: "F32", shape, data_offsets: [offset, end] };
    parts.push(Buffer.from(numbers.buffer));
    offset = end;
  }
  const json = JSON.stringify(header);
  const padded = json.padEnd(Math.ceil(json.length / 8) * 8);
  return Buffer.concat([u64(padded.length), Buffer.from(padded), ...parts]);
}

const marks = vocabulary.slice(256);

/** A tiny one with random weights, and what else may lie in such a folder. */
export function safetensorsFolder(): TestFile[] {
  const config = {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_act: "silu",
    hidden_size: hidden,
    intermediate_size: inner,
    num_hidden_layers: 1,
    num_attention_heads: 4,
    num_key_value_heads: 4,
    vocab_size: vocabulary.length,
    max_position_embeddings: 256,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    tie_word_embeddings: false,
    eos_token_id: 257,
    torch_dtype: "float32",
  };
  const tokenizer = {
    version: "1.0",
    added_tokens: marks.map((content, i) => ({
      id: 256 + i,
      content,
      special: true,
      normalized: false,
      single_word: false,
      lstrip: false,
      rstrip: false,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: "ByteLevel",
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: true,
    },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(vocabulary.slice(0, 256).map((token, id) => [token, id])),
      merges: [],
    },
  };
  return [
    file("model.safetensors", safetensors()),
    file("README.md", "# A model\n"),
    file("tokenizer.json", JSON.stringify(tokenizer)),
    file("config.json", JSON.stringify(config)),
  ];
}
