// argv: path of a package. Prints how long opening it takes, and the memory that it takes at most.
import { stat } from "node:fs/promises";
import { openInThread } from "../../dist/index.js";
import { peakBytes, warmPageCache } from "../memory.mjs";

const path = process.argv[2];
const { size } = await stat(path);
await warmPageCache(path);
await openInThread(new Uint8Array(1)).catch(() => undefined); // starts the core
const before = peakBytes();
const cpu = process.cpuUsage();
const start = performance.now();
const model = await openInThread(path);
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
const peak = peakBytes();
model.dispose();
console.log(
  JSON.stringify({
    size,
    milliseconds,
    cpuMilliseconds: (user + system) / 1000,
    peakBytes: peak - before,
  }),
);
