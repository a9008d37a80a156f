#!/usr/bin/env node
// The `andon` command as a process: signals, closed pipes, exit code.

import { Exit, systemReason } from "./errors.js";
import { removeUnfinished } from "./output.js";
import { CLEAR_LINE } from "./progress.js";
import { run } from "./run.js";

/** 128 + the number of the signal, as shells report it. */
const EXIT_BY_SIGNAL = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

for (const [signal, code] of Object.entries(EXIT_BY_SIGNAL)) {
  process.once(signal, () => {
    stop(code);
  });
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader has seen enough, as `head` has: that is no failure.
  if (error.code === "EPIPE") stop(Exit.ok);
  process.stderr.write(`andon: standard output cannot be written: ${systemReason(error)}\n`);
  stop(Exit.failed);
});
process.stderr.on("error", () => {
  stop(Exit.failed);
});

/** Ends at once, with nothing half-written left: neither a file nor a bar. */
function stop(code: number): never {
  removeUnfinished();
  if (process.stderr.isTTY && process.stderr.writable) process.stderr.write(CLEAR_LINE);
  process.exit(code);
}

process.exitCode = await run(process.argv.slice(2), process);
// A pipe that feeds us may still be open; nobody reads it any more.
process.stdin.destroy();
