import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Model } from "andon";
import { open } from "andon";
import { Worker } from "node:worker_threads";
import { codeOf } from "./support/errors.js";
import { collectedUntil, collectGarbage } from "./support/garbage.js";
import { homes, regressionFile } from "./support/models.js";
import { collect } from "./support/streams.js";

let file: Uint8Array;
beforeAll(async () => {
  file = await regressionFile();
});

describe.each(homes)("%s", (_, openHere) => {
  const uses: [string, (model: Model) => unknown][] = [
    ["predict of a row", (model) => model.predict([1, 1])],
    ["predict of a batch", (model) => model.predict(new Float32Array(2))],
    ["predict of a stream", (model) => collect(model.predict([[1, 1]]))],
    ["predictProba", (model) => model.predictProba([1, 1])],
    ["weights", (model) => model.weights()],
  ];
  test.each(uses)("Disposed: %s", async (_name, use) => {
    const model = await openHere(file);
    model.dispose();
    expect(await codeOf(() => use(model))).toBe("Disposed");
  });

  test("verdict and description stay readable after dispose", async () => {
    const model = await openHere(file);
    model.dispose();
    expect(model.verdict.integrity).toBe("ok");
    expect(model.description.features.length).toBe(2);
  });

  test("dispose may be called again", async () => {
    const model = await openHere(file);
    model.dispose();
    expect(() => {
      model.dispose();
    }).not.toThrow();
  });

  test("using disposes of the model at the end of its block", async () => {
    let outside: Model;
    {
      using model = await openHere(file);
      outside = model;
      expect(await model.predict([1, 1])).toEqual({ prediction: -0.5 });
    }
    expect(await codeOf(() => outside.predict([1, 1]))).toBe("Disposed");
  });

  test("a model cannot be made by anybody else", async () => {
    const model = await openHere(file);
    const Forged = model.constructor as new (...parts: unknown[]) => Model;
    expect(await codeOf(() => new Forged(Symbol("andon"), {}))).toBe("InvalidArgument");
    expect(await codeOf(() => new Forged())).toBe("InvalidArgument");
    const borrowed = Object.create(model) as Model;
    await expect((async () => borrowed.predict([1, 1]))()).rejects.toThrow(TypeError);
    model.dispose();
  });
});

test("workers of models that nobody holds are ended, each once", async () => {
  const ended = jest.spyOn(Worker.prototype, "terminate");
  const forget = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await open(file, { worker: true });
    (await open(file, { worker: true })).dispose();
  };
  await forget();
  expect(ended).toHaveBeenCalledTimes(1);
  expect(await collectedUntil(() => ended.mock.calls.length >= 4)).toBe(true);
  await collectGarbage();
  expect(ended).toHaveBeenCalledTimes(4);
  ended.mockRestore();
});

test("a model is kept while a stream of its answers is read, then collected", async () => {
  const ended = jest.spyOn(Worker.prototype, "terminate");
  async function* rows(): AsyncGenerator<number[]> {
    for (let i = 0; i < 5; i++) {
      await collectGarbage();
      yield [i, 0];
    }
  }
  const answers = async (): Promise<unknown[]> =>
    collect((await open(file, { worker: true, kind: "model" })).predict(rows()));
  expect((await answers()).length).toBe(5);
  expect(await collectedUntil(() => ended.mock.calls.length > 0)).toBe(true);
  ended.mockRestore();
});
