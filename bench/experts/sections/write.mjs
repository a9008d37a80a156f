// `andon pack`, from a folder to a signed file: time and memory.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inFreshProcess } from "../../fresh.mjs";
import { signing } from "../keys.mjs";
import { sizeOf } from "../packages.mjs";

const largeRank = 400; // about 1 GB
const goalMegabytes = 500;

const runs = [
  ["lora", "F32", 16, ["--format", "1"]],
  ["lora", "F32", 16, ["--compression-level", "1"]],
  ["lora", "F32", 16, ["--compression-level", "9"]],
  ["lora", "F32", 16, ["--compression-level", "19"]],
  ["lora", "BF16", 16, ["--compression-level", "9"]],
  ["dora", "BF16", 16, ["--compression-level", "9"]],
  ["ia3", "F32", 16, ["--compression-level", "9"]],
  ["lora", "F32", largeRank, ["--compression-level", "1"]],
];

export async function write({ workshop, folder }) {
  const key = join(folder, "key");
  await writeFile(key, signing.signingKey);
  const output = join(folder, "written.expert");
  const common = ["--name", "expert-bench", "--release-version", "1.0.0", "--sign-key", key];
  const results = [];
  for (const [kind, dtype, rank, options] of runs) {
    const input = await workshop.peft(kind, dtype, rank);
    const { milliseconds, cpu, peak } = await inFreshProcess(
      "experts/processes/pack",
      input,
      output,
      "--force",
      ...common,
      ...options,
    );
    const bytes = await sizeOf(join(input, "adapter_model.safetensors"));
    results.push({
      adapter: `${kind} ${dtype}, rank ${rank}`,
      options: options.join(" "),
      "in MB": bytes / 1e6,
      "out MB": (await sizeOf(output)) / 1e6,
      seconds: milliseconds / 1000,
      "CPU s": cpu / 1000,
      "MB/s": bytes / 1000 / milliseconds,
      "peak MB": peak / 1e6,
      "goal MB": goalMegabytes,
    });
  }
  return { title: "Writing: from a PEFT folder to a signed expert", results };
}
