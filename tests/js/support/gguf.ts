// Language models small enough to make in a test: one layer, a few hundred random weights, a byte-level vocabulary.
// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md

type Value =
  string | number | boolean | { type: 4 | 5 | 6 | 8; values: readonly (string | number)[] };

interface Tensor {
  name: string;
  /** Fastest first. */
  shape: readonly number[];
  values: Float32Array;
}

const types = { u32: 4, i32: 5, f32: 6, bool: 7, text: 8, array: 9 } as const;

class Bytes {
  readonly #parts: Buffer[] = [];

  u32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value);
    return this.add(part);
  }

  u64(value: number): this {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(BigInt(value));
    return this.add(part);
  }

  f32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeFloatLE(value);
    return this.add(part);
  }

  text(value: string): this {
    const part = Buffer.from(value);
    return this.u64(part.length).add(part);
  }

  add(part: Uint8Array): this {
    this.#parts.push(Buffer.from(part));
    return this;
  }

  all(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function pair(to: Bytes, key: string, value: Value): void {
  to.text(key);
  if (typeof value === "string") to.u32(types.text).text(value);
  else if (typeof value === "boolean") to.u32(types.bool).add(Uint8Array.of(value ? 1 : 0));
  else if (typeof value === "number") {
    if (Number.isInteger(value)) to.u32(types.u32).u32(value);
    else to.u32(types.f32).f32(value);
  } else {
    to.u32(types.array).u32(value.type).u64(value.values.length);
    for (const item of value.values) {
      if (typeof item === "string") to.text(item);
      else if (value.type === types.f32) to.f32(item);
      else to.u32(item);
    }
  }
}

export function ggufFile(
  pairs: Readonly<Record<string, Value>>,
  tensors: readonly Tensor[],
): Buffer {
  const head = new Bytes().add(Buffer.from("GGUF")).u32(3);
  head.u64(tensors.length).u64(Object.keys(pairs).length);
  for (const [key, value] of Object.entries(pairs)) pair(head, key, value);
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    head.text(name).u32(shape.length);
    for (const size of shape) head.u64(size);
    head.u32(0).u64(offset);
    offset += padded(values.byteLength);
  }
  const front = head.all();
  const data = tensors.map(({ values }) => pad(Buffer.from(values.buffer)));
  return Buffer.concat([pad(front), ...data]);
}

const padded = (size: number): number => Math.ceil(size / 32) * 32;
const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes], padded(bytes.length));

export interface TinyModel {
  /** `null`: none. */
  template?: string | null;
  context?: number;
  seed?: number;
  architecture?: string;
  /** Texts that are embedded end with the end token. */
  appends?: boolean;
  /** Times as wide; at 8, its products are large enough to be shared between threads. */
  width?: number;
}

/** Says what it is told between marks; the marks are tokens of their own. */
export const template =
  "{% for message in messages %}<|start|>{{ message.role }}\n{{ message.content }}<|end|>\n{% endfor %}" +
  "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}";

const heads = 4;
const layers = 1;

/** Bytes as byte-level BPE spells them (Radford et al. 2019), then "<|start|>" and "<|end|>". */
export const vocabulary: readonly string[] = [...byteAlphabet(), "<|start|>", "<|end|>"];
export const startToken = 256;
export const endToken = 257;

/** As a GGUF file; the same options make the same bytes. */
export function tinyGguf(options: TinyModel = {}): Buffer {
  const { template: chat = template, context = 4096, seed = 1, architecture = "llama" } = options;
  const hidden = 32 * (options.width ?? 1);
  const feedForward = 2 * hidden;
  const random = randomNumbers(seed);
  const matrix = (name: string, columns: number, rows: number): Tensor => ({
    name,
    shape: [columns, rows],
    values: Float32Array.from({ length: columns * rows }, () => random() * 0.4),
  });
  const norm = (name: string): Tensor => ({
    name,
    shape: [hidden],
    values: new Float32Array(hidden).fill(1),
  });
  const block = Array.from({ length: layers }, (_, i) => [
    norm(`blk.${i}.attn_norm.weight`),
    matrix(`blk.${i}.attn_q.weight`, hidden, hidden),
    matrix(`blk.${i}.attn_k.weight`, hidden, hidden),
    matrix(`blk.${i}.attn_v.weight`, hidden, hidden),
    matrix(`blk.${i}.attn_output.weight`, hidden, hidden),
    norm(`blk.${i}.ffn_norm.weight`),
    matrix(`blk.${i}.ffn_gate.weight`, hidden, feedForward),
    matrix(`blk.${i}.ffn_up.weight`, hidden, feedForward),
    matrix(`blk.${i}.ffn_down.weight`, feedForward, hidden),
  ]).flat();
  return ggufFile(
    {
      "general.architecture": architecture,
      "general.name": "tiny",
      [`${architecture}.block_count`]: layers,
      [`${architecture}.context_length`]: context,
      [`${architecture}.embedding_length`]: hidden,
      [`${architecture}.feed_forward_length`]: feedForward,
      [`${architecture}.attention.head_count`]: heads,
      [`${architecture}.attention.head_count_kv`]: heads,
      [`${architecture}.attention.layer_norm_rms_epsilon`]: 1e-5,
      [`${architecture}.rope.dimension_count`]: hidden / heads,
      "tokenizer.ggml.model": "gpt2",
      "tokenizer.ggml.pre": "gpt-2",
      "tokenizer.ggml.tokens": { type: types.text, values: vocabulary },
      "tokenizer.ggml.token_type": {
        type: types.i32,
        values: vocabulary.map((_, id) => (id >= startToken ? 3 : 1)),
      },
      "tokenizer.ggml.merges": { type: types.text, values: [] },
      "tokenizer.ggml.bos_token_id": startToken,
      "tokenizer.ggml.eos_token_id": endToken,
      "tokenizer.ggml.add_bos_token": false,
      "tokenizer.ggml.add_eos_token": options.appends ?? false,
      ...(chat === null ? {} : { "tokenizer.chat_template": chat }),
    },
    [
      matrix("token_embd.weight", hidden, vocabulary.length),
      ...block,
      norm("output_norm.weight"),
      matrix("output.weight", hidden, vocabulary.length),
    ],
  );
}

/** From -1 to 1: a linear congruential generator (Numerical Recipes). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** What is printable stands for itself; the others follow U+0100, in their order. */
function byteAlphabet(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : next++),
  );
}
