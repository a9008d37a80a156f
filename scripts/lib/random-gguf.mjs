// Language models with random weights, as GGUF files: for benches, where the shapes matter, and to be compared with
// llama.cpp, where every architecture and type does.

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** float16 of a positive number. */
function half(value) {
  if (value < 2 ** -14) return Math.round(value * 2 ** 24);
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) + Math.round((value / 2 ** exponent - 1) * 1024);
}

const setHalf = (view, at, value) => {
  view.setUint16(at, value < 0 ? half(-value) | 0x8000 : half(value), true);
};

/** A number of mean 0 and deviation 1 from a random word: the sum of its four bytes. */
function normal(word) {
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return (sum - 510) / 147.8;
}

/** Writes the scale of a block, and the minimum after it that goes with so many scales where there is one. */
const affine = (divisor, minimum) => (view, at, deviation) => {
  setHalf(view, at, deviation / divisor);
  if (minimum !== undefined) setHalf(view, at + 2, (minimum * deviation) / divisor);
};

/**
 * Types of ggml by name: number, bytes and numbers of a block. `scale` writes the scales of a block of random bytes so
 * that its weights have about the given deviation, `value` a whole number.
 */
const types = {
  f32: { id: 0, bytes: 4, numbers: 1, value: (view, at, x) => view.setFloat32(at, x, true) },
  f16: { id: 1, bytes: 2, numbers: 1, value: setHalf },
  bf16: {
    id: 30,
    bytes: 2,
    numbers: 1,
    value: (view, at, x) => {
      const word = new Uint32Array(Float32Array.of(x).buffer)[0];
      view.setUint16(at, word >>> 16, true);
    },
  },
  q4_0: { id: 2, bytes: 18, numbers: 32, scale: affine(4.6) },
  q4_1: { id: 3, bytes: 20, numbers: 32, scale: affine(4.6, -7.5) },
  q5_0: { id: 6, bytes: 22, numbers: 32, scale: affine(9.2) },
  q5_1: { id: 7, bytes: 24, numbers: 32, scale: affine(9.2, -15.5) },
  q8_0: { id: 8, bytes: 34, numbers: 32, scale: affine(74) },
  q4_K: { id: 12, bytes: 144, numbers: 256, scale: affine(200, 7.5) },
  q5_K: { id: 13, bytes: 176, numbers: 256, scale: affine(400, 15.5) },
  q6_K: {
    id: 14,
    bytes: 210,
    numbers: 256,
    scale: (view, at, deviation) => {
      for (let i = 192; i < 208; i++) view.setInt8(at + i, 32);
      setHalf(view, at + 208, deviation / 18 / 32);
    },
  },
};

export const weightTypes = Object.keys(types);

/** xorshift128 (Marsaglia 2003). */
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

const blocksAPiece = 1 << 14;

function piece(type, blocks, deviation, mean, state) {
  const { bytes, scale, value } = types[type];
  const words = new Uint8Array(Math.ceil((blocks * (scale ? bytes : 4)) / 4) * 4);
  fillRandom(words, state);
  const view = new DataView(words.buffer);
  if (scale) {
    for (let block = 0; block < blocks; block++) scale(view, block * bytes, deviation);
    return words.subarray(0, blocks * bytes);
  }
  const numbers = new DataView(new ArrayBuffer(blocks * bytes));
  for (let i = 0; i < blocks; i++)
    value(numbers, i * bytes, mean + deviation * normal(view.getUint32(4 * i, true)));
  return new Uint8Array(numbers.buffer);
}

function* tensorData({ count, type, deviation, mean }, state) {
  for (let left = count / types[type].numbers; left > 0; left -= blocksAPiece)
    yield piece(type, Math.min(blocksAPiece, left), deviation, mean, state);
}

/** What differs between architectures: norms of heads, biases, the order of rotated pairs is the reader's. */
const features = {
  qwen3: { headNorms: true, biases: false },
  qwen2: { headNorms: false, biases: true },
  llama: { headNorms: false, biases: false },
};

function tensorsOf({ shape, architecture, type, headType, tied, rope }) {
  const { layers, hidden, intermediate, heads, kvHeads, headDim, vocabulary } = shape;
  const { headNorms, biases } = features[architecture];
  const list = [];
  const add = (name, dimensions, of, deviation = 1 / Math.sqrt(dimensions[0]), mean = 0) => {
    const count = dimensions.reduce((product, size) => product * size, 1);
    list.push({ name, shape: dimensions, type: of, count, deviation, mean });
  };
  const norm = (name, size) => add(name, [size], "f32", 0.1, 1);
  add("token_embd.weight", [hidden, vocabulary], headType);
  norm("output_norm.weight", hidden);
  if (!tied) add("output.weight", [hidden, vocabulary], headType);
  if (rope?.factors) add("rope_freqs.weight", [headDim / 2], "f32", 0.2, 2);
  for (let layer = 0; layer < layers; layer++) {
    const prefix = `blk.${layer}`;
    const project = (name, columns, rows) => {
      add(`${prefix}.${name}.weight`, [columns, rows], type);
      if (biases && ["attn_q", "attn_k", "attn_v"].includes(name))
        add(`${prefix}.${name}.bias`, [rows], "f32", 0.3);
    };
    norm(`${prefix}.attn_norm.weight`, hidden);
    norm(`${prefix}.ffn_norm.weight`, hidden);
    if (headNorms) {
      norm(`${prefix}.attn_q_norm.weight`, headDim);
      norm(`${prefix}.attn_k_norm.weight`, headDim);
    }
    project("attn_q", hidden, heads * headDim);
    project("attn_k", hidden, kvHeads * headDim);
    project("attn_v", hidden, kvHeads * headDim);
    project("attn_output", heads * headDim, hidden);
    project("ffn_gate", hidden, intermediate);
    project("ffn_up", hidden, intermediate);
    project("ffn_down", intermediate, hidden);
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
function vocabularyOf(size, endless) {
  const alphabet = byteAlphabet();
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const tokens = [...alphabet, ...letters.map((letter) => alphabet[32] + letter)];
  while (tokens.length < size) tokens.push(`tok${tokens.length}`);
  const kinds = new Array(size).fill(1);
  const begin = size - 3;
  const special = endless
    ? ["<|first|>", "<|im_start|>", "<|last|>"]
    : ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
  for (const [i, text] of special.entries()) {
    tokens[begin + i] = text;
    kinds[begin + i] = 3;
  }
  const merges = letters.map((letter) => `${alphabet[32]} ${letter}`);
  return { tokens, kinds, merges, begin, end: size - 1 };
}

function ropePairs(architecture, { scaling = "none", factor = 1, original = 0 } = {}) {
  if (scaling === "none") return {};
  const pairs = {
    [`${architecture}.rope.scaling.type`]: textValue(scaling),
    [`${architecture}.rope.scaling.factor`]: f32Value(factor),
  };
  if (original > 0)
    pairs[`${architecture}.rope.scaling.original_context_length`] = u32Value(original);
  return pairs;
}

function pairsOf({ shape, architecture, type, rope, endless = false }) {
  const { tokens, kinds, merges, begin, end } = vocabularyOf(shape.vocabulary, endless);
  return {
    "general.architecture": textValue(architecture),
    "general.name": textValue(`random-${architecture}-${type}`),
    "general.quantization_version": u32Value(2),
    [`${architecture}.block_count`]: u32Value(shape.layers),
    [`${architecture}.context_length`]: u32Value(shape.context),
    [`${architecture}.embedding_length`]: u32Value(shape.hidden),
    [`${architecture}.feed_forward_length`]: u32Value(shape.intermediate),
    [`${architecture}.attention.head_count`]: u32Value(shape.heads),
    [`${architecture}.attention.head_count_kv`]: u32Value(shape.kvHeads),
    [`${architecture}.attention.key_length`]: u32Value(shape.headDim),
    [`${architecture}.attention.value_length`]: u32Value(shape.headDim),
    [`${architecture}.attention.layer_norm_rms_epsilon`]: f32Value(1e-6),
    [`${architecture}.rope.freq_base`]: f32Value(1e6),
    [`${architecture}.rope.dimension_count`]: u32Value(shape.headDim),
    [`${architecture}.vocab_size`]: u32Value(shape.vocabulary),
    ...ropePairs(architecture, rope),
    "tokenizer.ggml.model": textValue("gpt2"),
    "tokenizer.ggml.pre": textValue("qwen2"),
    "tokenizer.ggml.tokens": textsValue(tokens),
    "tokenizer.ggml.token_type": numbersValue(kinds),
    "tokenizer.ggml.merges": textsValue(merges),
    "tokenizer.ggml.bos_token_id": u32Value(begin),
    ...(endless ? {} : { "tokenizer.ggml.eos_token_id": u32Value(end) }),
    "tokenizer.ggml.padding_token_id": u32Value(begin),
    "tokenizer.ggml.add_bos_token": flagValue(false),
    "tokenizer.chat_template": textValue(template),
  };
}

const alignment = 32;
const aligned = (size) => Math.ceil(size / alignment) * alignment;

function headOf(model, tensors) {
  const pairs = Object.entries(pairsOf(model));
  const head = new Writer().raw(Buffer.from("GGUF")).u32(3).u64(tensors.length).u64(pairs.length);
  for (const [key, write] of pairs) write(head.text(key));
  let offset = 0;
  for (const { name, shape, type, count } of tensors) {
    head.text(name).u32(shape.length);
    for (const size of shape) head.u64(size);
    head.u32(types[type].id).u64(offset);
    offset += aligned((count / types[type].numbers) * types[type].bytes);
  }
  const { bytes } = head;
  return Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);
}

/**
 * Writes a model unless it is there; the same every time.
 *
 * `model`: { architecture: "qwen3" | "qwen2" | "llama", type, headType, tied, rope?: { scaling, factor, original, factors },
 *   endless?: no token ends its texts, shape: { layers, hidden, intermediate, heads, kvHeads, headDim, vocabulary, context } }
 */
export async function makeModel(path, model) {
  if (await stat(path).catch(() => undefined)) return;
  await mkdir(dirname(path), { recursive: true });
  const file = createWriteStream(`${path}.new`);
  const write = async (bytes) => {
    if (!file.write(bytes)) await once(file, "drain");
  };
  const tensors = tensorsOf(model);
  await write(headOf(model, tensors));
  const state = Uint32Array.of(123456789, 362436069, 521288629, 88675123);
  for (const tensor of tensors) {
    let size = 0;
    for (const bytes of tensorData(tensor, state)) {
      await write(bytes);
      size += bytes.length;
    }
    await write(Buffer.alloc(aligned(size) - size));
  }
  file.end();
  await once(file, "finish");
  await rename(`${path}.new`, path);
}
