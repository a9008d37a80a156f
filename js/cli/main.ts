#!/usr/bin/env node
// The `andon` command as a process: signals, closed pipes, exit code.

import { Exit, systemReason } from "./errors.js";
import { removeUnfinished } from "./output.js";
import { run } from "./run.js";

/** 128 + the number of the signal, as shells report it. */
const EXIT_BY_SIGNAL = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

for (const [signal, code] of Object.entries(EXIT_BY_SIGNAL)) {
  process.once(signal, () => {
    removeUnfinished();
    if (process.stderr.isTTY) process.stderr.write("\n");
    process.exit(code);
  });
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  removeUnfinished();
  // The reader has seen enough, as `head` has: that is no failure.
  if (error.code === "EPIPE") process.exit(Exit.ok);
  process.stderr.write(`andon: standard output cannot be written: ${systemReason(error)}\n`);
  process.exit(Exit.failed);
});
process.stderr.on("error", () => {
  removeUnfinished();
  process.exit(Exit.failed);
});

process.exitCode = await run(process.argv.slice(2), process);
// A pipe that feeds us may still be open; nobody reads it any more.
process.stdin.destroy();
