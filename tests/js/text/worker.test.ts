// A worker that is lost, and programs that use one.

import { afterEach, expect, jest, test } from "@jest/globals";
import { open } from "andon";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { codeOf } from "../support/errors.js";
import { tinyGguf } from "../support/gguf.js";
import { openTiny } from "../support/language.js";

afterEach(() => {
  jest.restoreAllMocks();
});

/** Ends the worker in place of its next call, as a crash would. */
function crashNextCall(): void {
  jest.spyOn(Worker.prototype, "postMessage").mockImplementationOnce(function (this: Worker) {
    void this.terminate();
  });
}

test("a worker that ends during a generation is WorkerFailed, then and afterwards", async () => {
  const model = await openTiny();
  const session = await model.session();
  crashNextCall();
  expect(await codeOf(() => session.generate("Once").text())).toBe("WorkerFailed");
  expect(await codeOf(() => session.tokens())).toBe("WorkerFailed");
  expect(await codeOf(() => model.generate("Once").text())).toBe("WorkerFailed");
  session.dispose();
  model.dispose();
});

test("a worker that ends while it starts is StartFailed, and the next one starts", async () => {
  crashNextCall();
  expect(await codeOf(() => openTiny())).toBe("StartFailed");
  (await openTiny()).dispose();
});

test("disposing of a model rejects what is under way with Disposed, its sessions' as well", async () => {
  const model = await openTiny();
  const session = await model.session();
  const waiting = [model.embed("Once"), session.generate("Once").text()].map((call) =>
    codeOf(() => call),
  );
  model.dispose();
  model.dispose();
  expect(await Promise.all(waiting)).toEqual(["Disposed", "Disposed"]);
  expect(await codeOf(() => model.session())).toBe("Disposed");
  session.dispose();
});

test("a model and a session cannot be forged", async () => {
  const model = await openTiny();
  const session = await model.session();
  for (const handle of [model, session, session.generate("Once")]) {
    const Forged = handle.constructor as new () => object;
    expect(await codeOf(() => new Forged())).toBe("InvalidArgument");
  }
  session[Symbol.dispose]();
  model[Symbol.dispose]();
});

test("a program waits for what is under way, then ends though the model is open", () => {
  const folder = mkdtempSync(join(tmpdir(), "andon-text-"));
  const path = join(folder, "tiny.gguf");
  writeFileSync(path, tinyGguf());
  const body = `import { open } from "andon";
    const model = await open(${JSON.stringify(path)}, { kind: "language-model" });
    const session = await model.session();
    session.generate("Once", { maxTokens: 3, logitBias: { 65: 100 } }).text().then(console.log);`;
  const ended = spawnSync(process.execPath, ["--input-type=module", "--eval", body], {
    cwd: new URL("../../../..", import.meta.url),
    encoding: "utf8",
    timeout: 20_000,
  });
  rmSync(folder, { recursive: true });
  expect(ended).toMatchObject({ stderr: "", status: 0, stdout: "AAA\n" });
});

test("opening a classic model starts nothing of language models", async () => {
  const compiled = jest.spyOn(WebAssembly, "compile");
  expect(await codeOf(() => open(new Uint8Array(9)))).toBe("UnknownFormat");
  expect(compiled.mock.calls.length).toBeLessThanOrEqual(1);
});
