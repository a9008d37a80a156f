// Sizes of experts for each kind, dtype and codec, beside the tar.gz of the same files.

import { join } from "node:path";
import { sizeOf } from "../packages.mjs";

const adapters = [
  ["lora", "F32"],
  ["lora", "F16"],
  ["lora", "BF16"],
  ["dora", "F32"],
  ["dora", "BF16"],
  ["ia3", "F32"],
  ["ia3", "BF16"],
];
const codecs = {
  "none MB": { codec: "none" },
  "zstd 9 MB": { codec: "zstd", compressionLevel: 9 },
  "shuffle 1 MB": { codec: "auto", compressionLevel: 1 },
  "shuffle 9 MB": { codec: "auto", compressionLevel: 9 },
};
const megabytes = async (path) => (await sizeOf(path)) / 1e6;

export async function size({ workshop }) {
  const results = [];
  for (const [kind, dtype] of adapters) {
    const folder = await workshop.peft(kind, dtype);
    const row = {
      kind,
      dtype,
      "adapter MB": await megabytes(join(folder, "adapter_model.safetensors")),
      "tar.gz MB": await megabytes(await workshop.package(kind, dtype, { version: 1 })),
    };
    for (const [column, options] of Object.entries(codecs))
      row[column] = await megabytes(await workshop.package(kind, dtype, options));
    row["shuffle 9 / tar.gz"] = (row["shuffle 9 MB"] / row["tar.gz MB"]).toFixed(2);
    results.push(row);
  }
  return { title: "Size of an expert, Qwen3-0.6B, 7 modules, rank 16", results };
}
