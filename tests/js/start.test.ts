// A start that fails is not remembered. Each case gets a package that has not started yet.

import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { Worker } from "node:worker_threads";
import { thrownBy } from "./support/errors.js";

const broken = new Error("no WebAssembly today");
const startFailed = { name: "AndonError", code: "StartFailed" };
// What a core that works says of this file.
const unknownFormat = { name: "AndonError", code: "UnknownFormat" };
const file = new Uint8Array(1);

let andon: typeof import("andon");
beforeEach(async () => {
  jest.resetModules();
  andon = await import("andon");
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe.each([false, true])("in a worker: %s", (worker) => {
  const openHere = (): Promise<unknown> => thrownBy(() => andon.open(file, { worker }));

  test("a module that cannot be compiled is StartFailed, then it starts", async () => {
    jest.spyOn(WebAssembly, "compile").mockRejectedValueOnce(broken);
    expect(await openHere()).toMatchObject({ ...startFailed, cause: broken });
    expect(await openHere()).toMatchObject(unknownFormat);
  });

  test("a module that cannot be instantiated is StartFailed, then it starts", async () => {
    jest.spyOn(WebAssembly, "compile").mockResolvedValueOnce({});
    expect(await openHere()).toMatchObject(startFailed);
    expect(await openHere()).toMatchObject(unknownFormat);
  });

  test("calls made together compile once", async () => {
    const compile = jest.spyOn(WebAssembly, "compile");
    for (const error of await Promise.all([openHere(), openHere(), openHere()])) {
      expect(error).toMatchObject(unknownFormat);
    }
    expect(compile).toHaveBeenCalledTimes(1);
  });
});

test("calls made together start one core in this thread, and fail together", async () => {
  const instantiate = jest.spyOn(WebAssembly, "instantiate");
  instantiate.mockRejectedValueOnce(broken);
  const both = [1, 2].map(() => thrownBy(() => andon.openInThread(file)));
  for (const error of await Promise.all(both)) expect(error).toMatchObject(startFailed);
  expect(instantiate).toHaveBeenCalledTimes(1);
  expect(await thrownBy(() => andon.openInThread(file))).toMatchObject(unknownFormat);
});

test("importing the package starts nothing", () => {
  const compile = jest.spyOn(WebAssembly, "compile");
  expect(compile).not.toHaveBeenCalled();
});

test("a worker that ends before it has started is StartFailed", async () => {
  jest.spyOn(Worker.prototype, "postMessage").mockImplementationOnce(function (this: Worker) {
    void this.terminate();
  });
  expect(await thrownBy(() => andon.open(file, { worker: true }))).toMatchObject(startFailed);
  expect(await thrownBy(() => andon.open(file, { worker: true }))).toMatchObject(unknownFormat);
});

test("an abort while the worker starts rejects with the reason and ends the worker", async () => {
  const ended = jest.spyOn(Worker.prototype, "terminate");
  const abort = new AbortController();
  jest.spyOn(Worker.prototype, "postMessage").mockImplementationOnce(function (
    this: Worker,
    message,
  ) {
    abort.abort();
    this.postMessage(message);
  });
  const act = () => andon.open(file, { worker: true, signal: abort.signal });
  expect(await thrownBy(act)).toBe(abort.signal.reason);
  while (ended.mock.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(ended).toHaveBeenCalledTimes(1);
});
