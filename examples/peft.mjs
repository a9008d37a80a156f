// A small adapter as PEFT writes one: adapter_config.json and adapter_model.safetensors, with numbers
// that follow a pattern instead of training. Its base model has 32 features and 64 in between.

const features = {
  q_proj: [32, 32],
  k_proj: [32, 16],
  v_proj: [32, 16],
  o_proj: [32, 32],
  gate_proj: [32, 64],
  up_proj: [32, 64],
  down_proj: [64, 32],
};
const isAttention = (module) => /^[qkvo]_/.test(module);

/** `kind`: "lora" or "dora". */
export function peftFolder({ kind, layers, modules, rank }) {
  const tensors = {};
  for (let layer = 0; layer < layers; layer++)
    modules.forEach((module, index) => {
      const [input, output] = features[module];
      const part = isAttention(module) ? "self_attn" : "mlp";
      const name = `base_model.model.model.layers.${layer}.${part}.${module}`;
      const random = randomNumbers(1000 * layer + index);
      const strength = 0.05 + 0.1 * Math.sin(((layer + 1) / (layers + 1)) * Math.PI) + 0.01 * index;
      tensors[`${name}.lora_A.weight`] = { shape: [rank, input], next: () => 0.2 * random() };
      tensors[`${name}.lora_B.weight`] = { shape: [output, rank], next: () => strength * random() };
      if (kind === "dora")
        tensors[`${name}.lora_magnitude_vector`] = {
          shape: [output],
          next: () => 1 + random() / 8,
        };
    });
  const config = {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: "example-tiny-32",
    r: rank,
    lora_alpha: 2 * rank,
    target_modules: modules,
    use_dora: kind === "dora",
  };
  return {
    "adapter_config.json": Buffer.from(`${JSON.stringify(config, null, 2)}\n`),
    "adapter_model.safetensors": safetensors(tensors),
  };
}

/** Values in float16, one tensor after another in the order of their names. */
function safetensors(tensors) {
  const header = {};
  const data = [];
  let end = 0;
  for (const [name, { shape, next }] of Object.entries(tensors).sort()) {
    const values = Uint16Array.from({ length: shape.reduce((a, b) => a * b) }, () => half(next()));
    const begin = end;
    end += values.byteLength;
    header[name] = { dtype: "F16", shape, data_offsets: [begin, end] };
    data.push(Buffer.from(values.buffer));
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...data]);
}

/** float16 (IEEE 754) of a number that is small but normal in it, cut off after eleven bits. */
function half(value) {
  const [bits] = new Uint32Array(new Float32Array([value]).buffer);
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  if (exponent <= 0) return 0;
  return ((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >>> 13) & 0x3ff);
}

/** From -1 to 1; a xorshift generator (Marsaglia 2003), so that every machine has the same. */
function randomNumbers(seed) {
  let state = (seed + 1) * 2654435761;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  };
}
