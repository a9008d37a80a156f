// argv: folder, output, options of `andon pack`. Runs the command; its last line says what it took.

import { fileURLToPath } from "node:url";
import { peakBytes } from "../../memory.mjs";

const command = new URL("../../../dist/cli/main.js", import.meta.url);
const [folder, output, ...options] = process.argv.slice(2);

const before = peakBytes();
const start = performance.now();
process.on("exit", () => {
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage();
  const measured = { milliseconds, cpu: (user + system) / 1000, peak: peakBytes() - before };
  console.log(`\n${JSON.stringify(measured)}`);
});
process.argv = [process.execPath, fileURLToPath(command), "pack", folder, "-o", output, ...options];
await import(command.href);
