// Opening a package: read, verified against its manifest, parsed, built.

import { pack } from "../../dist/index.js";
import { inFreshProcess, withFiles } from "../fresh.mjs";
import { median } from "../timing.mjs";

const processes = 5;
const featureCount = 4096;

/** A safetensors file: u64 header length, JSON header, data. */
function safetensors(tensors) {
  const entries = {};
  let end = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const start = end;
    end += values.byteLength;
    entries[name] = { dtype: "F32", shape, data_offsets: [start, end] };
  }
  const header = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([
    length,
    header,
    ...Object.values(tensors).map(({ values }) => new Uint8Array(values.buffer)),
  ]);
}

/** A classifier whose weights take about `bytes`. */
function packageOf(bytes) {
  const classes = Math.round(bytes / (featureCount * 4));
  const coefficients = Float32Array.from({ length: classes * featureCount }, (_, i) =>
    Math.fround(Math.sin(i)),
  );
  return pack(
    {
      model_id: "3d3c2f0e-6a51-4e0b-8f4e-0a7b6c8d9e0f",
      version: "1.0.0",
      model: {
        type: "logistic_regression",
        weights_tensor: "coefficients",
        intercept_tensor: "intercept",
      },
      features: Array.from({ length: featureCount }, (_, i) => ({ name: `f${i}` })),
    },
    {
      weights: safetensors({
        coefficients: { shape: [classes, featureCount], values: coefficients },
        intercept: { shape: [classes], values: new Float32Array(classes) },
      }),
    },
  );
}

async function measureFile(path) {
  const runs = [];
  for (let i = 0; i < processes; i++) runs.push(await inFreshProcess("processes/open", path));
  const of = (part) => median(runs.map((run) => run[part]));
  const [size, best] = [runs[0].size, Math.min(...runs.map(({ milliseconds }) => milliseconds))];
  return {
    "file MB": size / 1e6,
    "best ms": best,
    "median ms": of("milliseconds"),
    "CPU ms": of("cpuMilliseconds"),
    "MB/s": size / 1e3 / best,
    "peak MB": of("peakBytes") / 1e6,
    "peak / file": of("peakBytes") / size,
  };
}

export async function load() {
  const files = { small: await packageOf(1e6), large: await packageOf(100e6) };
  const results = await withFiles(files, async ({ small, large }) => [
    await measureFile(small),
    await measureFile(large),
  ]);
  return { title: "Opening a package from disk: read, verify, build", results };
}
