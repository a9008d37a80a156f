import { afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { open } from "andon";
import { spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";
import { codeOf, errorOf } from "./support/errors.js";
import { openModel, regressionFile } from "./support/models.js";

let file: Uint8Array;
beforeAll(async () => {
  file = await regressionFile();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Ends the worker in place of its next call, as a crash would. */
function crashNextCall(): void {
  jest.spyOn(Worker.prototype, "postMessage").mockImplementationOnce(function (this: Worker) {
    void this.terminate();
  });
}

test("a worker that ends during a call is WorkerFailed, then and afterwards", async () => {
  const model = await openModel(file, { worker: true });
  crashNextCall();
  expect(await codeOf(() => model.predict([1, 1]))).toBe("WorkerFailed");
  expect(await codeOf(() => model.predict([1, 1]))).toBe("WorkerFailed");
  model.dispose();
  expect(await codeOf(() => model.predict([1, 1]))).toBe("Disposed");
});

test("a worker that throws is WorkerFailed with the cause", async () => {
  const model = await openModel(file, { worker: true });
  const cause = new Error("out of luck");
  jest.spyOn(Worker.prototype, "postMessage").mockImplementationOnce(function (this: Worker) {
    this.emit("error", cause);
  });
  const error = await errorOf(() => model.predict([1, 1]));
  expect(error).toMatchObject({ code: "WorkerFailed", cause });
});

test("a worker that ends while the file is read is WorkerFailed", async () => {
  const onProgress = (): void => {
    crashNextCall();
  };
  expect(await codeOf(() => open(file, { worker: true, onProgress }))).toBe("WorkerFailed");
});

test("disposing of a model rejects the calls that wait with Disposed", async () => {
  const model = await openModel(file, { worker: true });
  const waiting = [model.predict([1, 1]), model.weights()].map((call) => codeOf(() => call));
  model.dispose();
  expect(await Promise.all(waiting)).toEqual(["Disposed", "Disposed"]);
});

test("calls made together are answered each with its own answer", async () => {
  const model = await openModel(file, { worker: true });
  const answers = await Promise.all([0, 1, 2, 3].map((i) => model.predict([i, 0])));
  expect(answers.map(({ prediction }) => prediction)).toEqual([0.5, 2.5, 4.5, 6.5]);
  model.dispose();
});

test("each worker ends when its model is disposed of, and when its file is refused", async () => {
  const ended = jest.spyOn(Worker.prototype, "terminate");
  const models = await Promise.all([open(file, { worker: true }), open(file, { worker: true })]);
  for (const model of models) model.dispose();
  expect(ended).toHaveBeenCalledTimes(2);
  expect(await codeOf(() => open(new Uint8Array(9), { worker: true }))).toBe("UnknownFormat");
  expect(ended).toHaveBeenCalledTimes(3);
});

describe("a program", () => {
  const runs = (body: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ["--input-type=module", "--eval", body], {
      cwd: new URL("../../..", import.meta.url),
      encoding: "utf8",
      timeout: 20_000,
    });
  const description = JSON.stringify({
    model_id: "6f1d5a1e-6c2e-4f0e-9a51-0d9c2b7f4e11",
    version: "1.0.0",
    model: { type: "linear_regression" },
    features: [{ name: "x" }],
    weights: { coefficients: [2], intercept: [1] },
  });
  const start = `import { open, pack } from "andon"; const file = await pack(${description});`;

  test("waits for the answers of a worker, then ends though the model is open", () => {
    const ended = runs(
      `${start} const model = await open(file, { worker: true });
       model.predict([3]).then(({ prediction }) => console.log(prediction));`,
    );
    expect(ended).toMatchObject({ stderr: "", status: 0, stdout: "7\n" });
  });

  test("can itself be a worker", () => {
    const inner = `${start} const model = await open(file);
      const nested = await open(file, { worker: true });
      const answers = [await model.predict([3]), await nested.predict([4])];
      console.log(JSON.stringify(answers));`;
    const ended = runs(
      `import { Worker } from "node:worker_threads";
       new Worker(${JSON.stringify(inner)}, { eval: true, execArgv: ["--input-type=module"] });`,
    );
    expect(ended).toMatchObject({
      stderr: "",
      status: 0,
      stdout: '[{"prediction":7},{"prediction":9}]\n',
    });
  });
});
