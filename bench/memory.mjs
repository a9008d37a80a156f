// Memory and caches as the kernel sees them.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The most memory that a program has taken: the figure of getrusage(2) starts from that of its parent. */
export function peakBytes(pid = "self") {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)[1]) * 1024;
}

/** Has the system forget what it keeps of a file, so that it is read from the disk. */
export async function dropFromPageCache(path) {
  await execute("sync", [path]); // pages that are not written yet are kept
  await execute("dd", [`if=${path}`, "iflag=nocache", "count=0"]);
}

export async function warmPageCache(path) {
  const file = await open(path);
  const piece = Buffer.alloc(1 << 16);
  while ((await file.read(piece)).bytesRead > 0);
  await file.close();
}
