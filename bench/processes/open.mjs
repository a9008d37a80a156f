// argv: path of a package. Prints how long opening it takes, and the memory that it takes at most.
import { open, readFile, stat } from "node:fs/promises";
import { openInThread } from "../../dist/index.js";

const path = process.argv[2];
const { size } = await stat(path);
await warmPageCache();
await openInThread(new Uint8Array(1)).catch(() => undefined); // starts the core
const before = await peakKilobytes();
const cpu = process.cpuUsage();
const start = performance.now();
const model = await openInThread(path);
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
const peak = await peakKilobytes();
model.dispose();
console.log(
  JSON.stringify({
    size,
    milliseconds,
    cpuMilliseconds: (user + system) / 1000,
    peakBytes: (peak - before) * 1024,
  }),
);

/** Of this program: the figure of getrusage(2) starts from that of the parent process. */
async function peakKilobytes() {
  const status = await readFile("/proc/self/status", "utf8");
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)[1]);
}

async function warmPageCache() {
  const file = await open(path);
  const piece = Buffer.alloc(1 << 16);
  while ((await file.read(piece)).bytesRead > 0);
  await file.close();
}
