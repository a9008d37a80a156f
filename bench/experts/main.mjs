// Measures experts beside the tar.gz of the same files, in one run.
//   usage: node bench/experts/main.mjs [--json] [--rounds N] [SECTION...]

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSections } from "../run.mjs";
import { Workshop } from "./packages.mjs";
import { chromium, chromiumValidate } from "./sections/chromium.mjs";
import { node, nodeValidate } from "./sections/node.mjs";
import { size } from "./sections/size.mjs";
import { write } from "./sections/write.mjs";

const sections = {
  size,
  write,
  node,
  "node-validate": nodeValidate,
  chromium,
  "chromium-validate": chromiumValidate,
};

const folder = await mkdtemp(join(tmpdir(), "andon-bench-"));
try {
  await runSections(sections, { rounds: 20, folder, workshop: new Workshop(folder) });
} finally {
  await rm(folder, { recursive: true });
}
