import { expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// A reader written after the specification alone accepts and explains what the package makes.
test("the example of the specification is what the package makes", () => {
  const script = fileURLToPath(new URL("../../../scripts/spec-example.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
