import { readFileSync } from "node:fs";

/** A JSON file of ground truth that lies beside the repository; says so where it does not. */
export function readShared(path: string): unknown {
  const url = new URL(`../../../../../shared/data/${path}`, import.meta.url);
  try {
    return JSON.parse(readFileSync(url, "utf8"));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
    process.stderr.write(`NOT CHECKED: ground truth ${path} is absent\n`);
    return undefined;
  }
}
