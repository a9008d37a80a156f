// What cores hold and give back, seen from outside: the memories of the modules they start.

import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { open, openInThread, pack, type InThreadModel } from "andon";
import { codeOf } from "./support/errors.js";
import { collectedUntil } from "./support/garbage.js";
import { identity, regressionFile, wideFile } from "./support/models.js";
import { watchCores } from "./support/wasm.js";

const cores = watchCores();
let file: Uint8Array;
beforeAll(async () => {
  file = await regressionFile();
});
afterAll(() => {
  jest.restoreAllMocks();
});

const size = (): number => cores.reduce((sum, { memory }) => sum + memory.buffer.byteLength, 0);

test("opening and disposing again and again takes no more memory", async () => {
  const wide = await wideFile(5000);
  const cycle = async (): Promise<void> => {
    const model = await openInThread(wide);
    model.predict(new Float32Array(50_000));
    model.dispose();
    await codeOf(() => openInThread(wide.subarray(0, -1)));
  };
  for (let i = 0; i < 5; i++) await cycle();
  const before = size();
  for (let i = 0; i < 200; i++) await cycle();
  expect(size()).toBe(before);
});

test("a stream of unknown length grows its memory by no more than a few times its size", async () => {
  const before = size();
  const piece = new Uint8Array(1 << 20);
  function* pieces(): Generator<Uint8Array> {
    for (let i = 0; i < 32; i++) yield piece;
  }
  expect(await codeOf(() => open(pieces()))).toBe("UnknownFormat");
  expect(size() - before).toBeLessThan(3 * 32 * piece.length);
});

test("models that nobody holds are collected and their memory is used again", async () => {
  const wide = await wideFile(20_000);
  const openSome = async (): Promise<void> => {
    const models: InThreadModel[] = [];
    for (let i = 0; i < 20; i++) models.push(await openInThread(wide));
    expect(models.length).toBe(20);
  };
  const released: number[] = [];
  const watch = new FinalizationRegistry<number>((i) => released.push(i));
  const forget = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) watch.register(await openInThread(wide), i);
  };
  await forget();
  const before = size();
  expect(await collectedUntil(() => released.length === 20)).toBe(true);
  await openSome();
  expect(size()).toBe(before);
});

test("a file that memory cannot hold is OutOfMemory, and what is open stays usable", async () => {
  const model = await openInThread(file);
  const abort = new AbortController();
  /** As large as it says, without content; reading it never ends. */
  class Vast extends Blob {
    override get size(): number {
      return 1.9 * 2 ** 30;
    }
    override slice(start: number, end: number): Blob {
      return start === 0 && end < 1000 ? new Blob([file.slice(0, end)]) : new Hanging();
    }
    override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
      return new ReadableStream({
        start: (controller) => {
          controller.enqueue(new Uint8Array(file));
        },
      });
    }
  }
  class Hanging extends Blob {
    override arrayBuffer(): Promise<ArrayBuffer> {
      return new Promise(() => undefined);
    }
  }
  const held = [1, 2].map(() => open(new Vast(), { signal: abort.signal }).catch(() => undefined));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await codeOf(() => open(new Vast()))).toBe("OutOfMemory");
  expect(model.predict([1, 1])).toEqual({ prediction: -0.5 });
  abort.abort();
  await Promise.all(held);
  (await open(file)).dispose();
  model.dispose();
});

test("a core that breaks down is Internal, and the next one starts afresh", async () => {
  const model = await openInThread(file);
  const started = cores.length;
  const table = cores.at(-1)?.table;
  if (table === undefined) throw new Error("no core was started");
  for (let i = 0; i < table.length; i++) table.set(i, null); // its next virtual call traps
  expect(await codeOf(() => openInThread(file))).toBe("Internal");
  const next = await openInThread(file);
  expect(cores.length).toBe(started + 1);
  expect(next.predict([1, 1])).toEqual({ prediction: -0.5 });
  next.dispose();
  expect(() => {
    model.dispose();
  }).not.toThrow();
});

test("answers that memory cannot hold are OutOfMemory, and the model stays usable", async () => {
  const classes = 60_000;
  const model = await openInThread(
    await pack({
      ...identity,
      model: { type: "logistic_regression" },
      features: [{ name: "x" }],
      weights: {
        coefficients: Array.from({ length: classes }, (_, i) => [i]),
        intercept: new Array<number>(classes).fill(0),
      },
    }),
  );
  const rows = new Float64Array(1_000_000);
  expect(await codeOf(() => model.predictProba(rows))).toBe("OutOfMemory");
  expect(model.predict([1])).toMatchObject({ classIndex: classes - 1 });
  model.dispose();
});
