// Which browser the tests drive: $CHROMIUM, or the first of the usual names on PATH.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome"];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);
  if (found === undefined)
    throw new Error(`no browser: install Chromium, or name one in CHROMIUM (${names.join(", ")})`);
  return found;
}

export const chromium = {
  executablePath: process.env["CHROMIUM"] ?? onPath(),
  args: [
    "--headless",
    "--no-sandbox", // tests may run as root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
