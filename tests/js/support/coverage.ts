// Jest runs the package in contexts of its own, whose coverage is lost when they go. So where coverage
// is asked for, each test file writes it beside that of the other processes (scripts/coverage).

import { afterAll } from "@jest/globals";
import { writeFile } from "node:fs/promises";
import { Session } from "node:inspector/promises";
import { join } from "node:path";

const folder = process.env["NODE_V8_COVERAGE"];
const dist = new URL("../../../../dist/", import.meta.url).href;

if (folder !== undefined) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  afterAll(async () => {
    const { result } = await session.post("Profiler.takePreciseCoverage");
    session.disconnect();
    const ours = result.filter(({ url }) => url.startsWith(dist));
    const name = `coverage-${process.pid}-${Date.now()}-jest.json`;
    await writeFile(join(folder, name), JSON.stringify({ result: ours }));
  });
}
