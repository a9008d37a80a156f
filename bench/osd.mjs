// How close OSD comes to updates of several kinds, against a LoRA of the same size: the table in
// docs/OSD_GUIDE.md.   usage: node bench/osd.mjs     (after scripts/build)

import { convertToOsd } from "../dist/index.js";

const SIDE = 256;
const RANK = 8;
const NAME = "model.layers.0.self_attn.q_proj.weight";

/** Uniform numbers between 0 and 1, the same every time. */
function randomNumbers(seed) {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return (Number(state >> 33n) + 0.5) / 2 ** 31;
  };
}

function gaussian(random) {
  return () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/** Student's t with two degrees of freedom: a few entries are much larger than the others. */
function heavyTailed(random) {
  return () => {
    const u = 2 * random() - 1;
    return u * Math.sqrt(2 / (1 - u * u));
  };
}

/** The sum of `rank` outer products, the i-th of them weighted by i^-decay. */
function product(rank, decay, draw) {
  const change = new Float32Array(SIDE * SIDE);
  for (let i = 1; i <= rank; i++) {
    const left = Array.from({ length: SIDE }, draw);
    const right = Array.from({ length: SIDE }, draw);
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        change[row * SIDE + column] += (left[row] * right[column]) / i ** decay / 1000;
      }
    }
  }
  return change;
}

/** A few entries changed by much, the others as in `product`. */
function withSpikes(change, random) {
  for (let i = 0; i < change.length / 200; i++) {
    change[Math.floor(random() * change.length)] += (random() - 0.5) / 10;
  }
  return change;
}

const random = randomNumbers(1);
const CHANGES = {
  "rank 32, gaussian vectors, flat spectrum": product(32, 0, gaussian(random)),
  "rank 32, heavy-tailed vectors": product(32, 0, heavyTailed(random)),
  "rank 64, gaussian vectors, spectrum 1/i": product(64, 1, gaussian(random)),
  "rank 64, heavy-tailed vectors, spectrum 1/i": product(64, 1, heavyTailed(random)),
  "rank 4 and large single entries": withSpikes(product(4, 1, gaussian(random)), random),
};

function model(values) {
  const header = JSON.stringify({
    [NAME]: { dtype: "F32", shape: [SIDE, SIDE], data_offsets: [0, values.byteLength] },
  });
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(header.length));
  const data = new Uint8Array(values.buffer);
  return { "model.safetensors": new Uint8Array(Buffer.concat([head, Buffer.from(header), data])) };
}

const base = model(new Float32Array(SIDE * SIDE));
const metadata = { name: "expert-osd", version: "1.0.0" };
const percent = (share) => `${(100 * share).toFixed(1)} %`;

console.log("| update | LoRA's error | k | sparsity | factors | size | in memory | error |");
console.log("|---|---|---|---|---|---|---|---|");
for (const size of ["stored", "memory"]) {
  for (const [name, change] of Object.entries(CHANGES)) {
    const pair = { base, tuned: model(change) };
    const { report } = await convertToOsd(pair, { rank: RANK, size, grid: true, metadata });
    const { modules, total, sparsity } = report.osd;
    const [{ rank, factors }] = modules;
    const cells = [
      `${name}, ${size}`,
      percent(total.loraError),
      rank,
      sparsity,
      factors,
      `${total.bytes} of ${total.budget}`,
      total.memoryBytes,
      percent(total.error),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
