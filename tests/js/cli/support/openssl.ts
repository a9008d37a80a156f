// openssl, as a second opinion on keys and signatures.

import { spawnSync } from "node:child_process";

const found = spawnSync("openssl", ["version"]).status === 0;
if (!found) process.stderr.write("NOT TESTED: openssl is absent, its opinion is not asked\n");

/** Whether openssl does this without complaint; `undefined` where there is no openssl. */
export function openssl(args: readonly string[], cwd: string): boolean | undefined {
  return found ? spawnSync("openssl", args, { cwd }).status === 0 : undefined;
}

/** Where openssl is absent there is nobody to disagree. */
export const AGREES: readonly (boolean | undefined)[] = [true, undefined];
export const DISAGREES: readonly (boolean | undefined)[] = [false, undefined];
