// Where a user's files lie, by the XDG Base Directory Specification.

import { homedir } from "node:os";
import { join } from "node:path";

/** `variable` names the folder; `below` the home folder is its default. */
export function userFolder(variable: string, below: string): string {
  const configured = process.env[variable];
  // The specification has relative paths ignored.
  const folder = configured?.startsWith("/") ? configured : join(homedir(), below);
  return join(folder, "andon");
}
