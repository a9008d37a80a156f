// Models of the shapes of Qwen3-0.6B with random weights: they measure speed, not quality.

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

const shape = {
  layers: 28,
  hidden: 1024,
  intermediate: 3072,
  heads: 16,
  kvHeads: 8,
  headDim: 128,
  vocabulary: 151_936,
  context: 40_960,
};

/** Type numbers, and the bytes and numbers of a block, of GGUF (ggml's documentation). */
const types = {
  f32: { id: 0, bytes: 4, numbers: 1 },
  q4_0: { id: 2, bytes: 18, numbers: 32 },
  q8_0: { id: 8, bytes: 34, numbers: 32 },
  q6_K: { id: 14, bytes: 210, numbers: 256 },
};

/** What llama.cpp's quantizer makes of a tied head: Q6_K beside Q4_0. */
export const headTypes = { q8_0: "q8_0", q4_0: "q6_K" };

/** float16 of a positive number. */
function half(value) {
  if (value < 2 ** -14) return Math.round(value * 2 ** 24);
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) + Math.round((value / 2 ** exponent - 1) * 1024);
}

/** xorshift128 (Marsaglia 2003), four bytes at a time. */
function fillRandom(bytes, state) {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  let [x, y, z, w] = state;
  for (let i = 0; i < words.length; i++) {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    words[i] = w;
  }
  state.set([x, y, z, w]);
}

/** Random blocks of a type, with scales that give weights a deviation of `deviation`. */
const scaled = {
  q8_0: (view, at, deviation) => view.setUint16(at, half(deviation / 74), true),
  q4_0: (view, at, deviation) => view.setUint16(at, half(deviation / 4.6), true),
  q6_K: (view, at, deviation) => {
    for (let i = 192; i < 208; i++) view.setInt8(at + i, 32);
    view.setUint16(at + 208, half(deviation / 18 / 32), true);
  },
};

function* tensorData({ shape: [columns], count, type }, state) {
  const { bytes, numbers } = types[type];
  if (type === "f32") {
    yield new Uint8Array(new Float32Array(count).fill(1).buffer);
    return;
  }
  const most = 1 << 14; // blocks a piece
  for (let left = count / numbers; left > 0; left -= most) {
    const piece = new Uint8Array(Math.ceil((Math.min(most, left) * bytes) / 4) * 4);
    fillRandom(piece, state);
    const view = new DataView(piece.buffer);
    for (let block = 0; block < Math.min(most, left); block++)
      scaled[type](view, block * bytes, 1 / Math.sqrt(columns));
    yield piece.subarray(0, Math.min(most, left) * bytes);
  }
}

function tensorsOf(type) {
  const { layers, hidden, intermediate, heads, kvHeads, headDim, vocabulary } = shape;
  const tensor = (name, dimensions, of) => ({
    name,
    shape: dimensions,
    type: of,
    count: dimensions.reduce((product, size) => product * size, 1),
  });
  const list = [
    tensor("token_embd.weight", [hidden, vocabulary], headTypes[type]),
    tensor("output_norm.weight", [hidden], "f32"),
  ];
  for (let layer = 0; layer < layers; layer++) {
    const add = (name, dimensions, of = type) =>
      list.push(tensor(`blk.${layer}.${name}.weight`, dimensions, of));
    add("attn_norm", [hidden], "f32");
    add("ffn_norm", [hidden], "f32");
    add("attn_q_norm", [headDim], "f32");
    add("attn_k_norm", [headDim], "f32");
    add("attn_q", [hidden, heads * headDim]);
    add("attn_k", [hidden, kvHeads * headDim]);
    add("attn_v", [hidden, kvHeads * headDim]);
    add("attn_output", [heads * headDim, hidden]);
    add("ffn_gate", [hidden, intermediate]);
    add("ffn_up", [hidden, intermediate]);
    add("ffn_down", [intermediate, hidden]);
  }
  return list;
}

class Writer {
  #parts = [];

  u32(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.raw(bytes);
  }
  u64(value) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return this.raw(bytes);
  }
  f32(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return this.raw(bytes);
  }
  text(value) {
    const bytes = Buffer.from(value);
    return this.u64(bytes.length).raw(bytes);
  }
  raw(bytes) {
    this.#parts.push(bytes);
    return this;
  }
  get bytes() {
    return Buffer.concat(this.#parts);
  }
}

const u32Value = (value) => (to) => to.u32(4).u32(value);
const f32Value = (value) => (to) => to.u32(6).f32(value);
const textValue = (value) => (to) => to.u32(8).text(value);
const flagValue = (value) => (to) => to.u32(7).raw(Buffer.of(value ? 1 : 0));
const textsValue = (values) => (to) => {
  to.u32(9).u32(8).u64(values.length);
  for (const value of values) to.text(value);
};
const numbersValue = (values) => (to) => {
  to.u32(9)
    .u32(5)
    .u64(values.length)
    .raw(Buffer.from(Int32Array.from(values).buffer));
};

/** The alphabet of byte-level BPE (Radford et al. 2019): a visible character for each byte. */
function byteAlphabet() {
  const plain = (byte) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(plain(byte) ? byte : next++));
}

const template =
  "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}" +
  "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/** " a" to " z" are a token each, so that a prompt of n letters is one of n tokens. */
function vocabulary() {
  const alphabet = byteAlphabet();
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const tokens = [...alphabet, ...letters.map((letter) => alphabet[32] + letter)];
  while (tokens.length < shape.vocabulary) tokens.push(`tok${tokens.length}`);
  const kinds = new Array(tokens.length).fill(1);
  const end = shape.vocabulary - 291;
  for (const [id, text] of [
    [end - 2, "<|endoftext|>"],
    [end - 1, "<|im_start|>"],
    [end, "<|im_end|>"],
  ]) {
    tokens[id] = text;
    kinds[id] = 3;
  }
  return { tokens, kinds, end, merges: letters.map((letter) => `${alphabet[32]} ${letter}`) };
}

function pairsOf(type) {
  const { tokens, kinds, end, merges } = vocabulary();
  return {
    "general.architecture": textValue("qwen3"),
    "general.name": textValue(`random-${type}`),
    "general.quantization_version": u32Value(2),
    "qwen3.block_count": u32Value(shape.layers),
    "qwen3.context_length": u32Value(shape.context),
    "qwen3.embedding_length": u32Value(shape.hidden),
    "qwen3.feed_forward_length": u32Value(shape.intermediate),
    "qwen3.attention.head_count": u32Value(shape.heads),
    "qwen3.attention.head_count_kv": u32Value(shape.kvHeads),
    "qwen3.attention.key_length": u32Value(shape.headDim),
    "qwen3.attention.value_length": u32Value(shape.headDim),
    "qwen3.attention.layer_norm_rms_epsilon": f32Value(1e-6),
    "qwen3.rope.freq_base": f32Value(1e6),
    "tokenizer.ggml.model": textValue("gpt2"),
    "tokenizer.ggml.pre": textValue("qwen2"),
    "tokenizer.ggml.tokens": textsValue(tokens),
    "tokenizer.ggml.token_type": numbersValue(kinds),
    "tokenizer.ggml.merges": textsValue(merges),
    "tokenizer.ggml.bos_token_id": u32Value(end - 2),
    "tokenizer.ggml.eos_token_id": u32Value(end),
    "tokenizer.ggml.padding_token_id": u32Value(end - 2),
    "tokenizer.ggml.add_bos_token": flagValue(false),
    "tokenizer.chat_template": textValue(template),
  };
}

const alignment = 32;
const aligned = (size) => Math.ceil(size / alignment) * alignment;

function headOf(type, tensors) {
  const pairs = Object.entries(pairsOf(type));
  const head = new Writer().raw(Buffer.from("GGUF")).u32(3).u64(tensors.length).u64(pairs.length);
  for (const [key, write] of pairs) write(head.text(key));
  let offset = 0;
  for (const { name, shape: dimensions, type: of, count } of tensors) {
    head.text(name).u32(dimensions.length);
    for (const size of dimensions) head.u64(size);
    head.u32(types[of].id).u64(offset);
    offset += aligned((count / types[of].numbers) * types[of].bytes);
  }
  const { bytes } = head;
  return Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);
}

/** Writes the model unless it is there. `type`: "q8_0", or "q4_0" with a head of Q6_K. */
export async function makeModel(path, type) {
  if (await stat(path).catch(() => undefined)) return;
  await mkdir(dirname(path), { recursive: true });
  const file = createWriteStream(`${path}.new`);
  const write = async (bytes) => {
    if (!file.write(bytes)) await once(file, "drain");
  };
  const tensors = tensorsOf(type);
  await write(headOf(type, tensors));
  const state = Uint32Array.of(123456789, 362436069, 521288629, 88675123);
  for (const tensor of tensors) {
    let size = 0;
    for (const piece of tensorData(tensor, state)) {
      await write(piece);
      size += piece.length;
    }
    await write(Buffer.alloc(aligned(size) - size));
  }
  file.end();
  await once(file, "finish");
  await rename(`${path}.new`, path);
}
