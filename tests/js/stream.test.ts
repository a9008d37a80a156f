import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { BatchPrediction, Model, Prediction, RowInput } from "andon";
import { codeOf, thrownBy } from "./support/errors.js";
import { homes, regressionFile, softmaxFile } from "./support/models.js";
import { collect } from "./support/streams.js";

const row = (i: number): RowInput => (i % 2 === 0 ? [i, 0] : { height: i, width: 0 });
const answer = (i: number): number => 2 * i + 0.5;

function* rows(count: number): Generator<RowInput> {
  for (let i = 0; i < count; i++) yield row(i);
}

async function* slowly<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await new Promise((resolve) => setTimeout(resolve));
    yield item;
  }
}

describe.each(homes)("%s", (_, openHere) => {
  let model: Model;
  beforeAll(async () => {
    model = await openHere(await regressionFile());
  });
  afterAll(() => {
    model.dispose();
  });

  test("answers come in the order of the rows", async () => {
    const answers = await collect(model.predict(rows(3000)));
    expect(answers.map((one) => one.prediction)).toEqual(
      Array.from({ length: 3000 }, (_v, i) => answer(i)),
    );
  });

  test("rows that come slowly are answered as they come", async () => {
    let given = 0;
    async function* counted(): AsyncGenerator<RowInput> {
      for await (const item of slowly(rows(5))) {
        given++;
        yield item;
      }
    }
    let answered = 0;
    for await (const { prediction } of model.predict(counted())) {
      expect(prediction).toBe(answer(answered++));
      expect(given - answered).toBeLessThanOrEqual(1);
    }
    expect(answered).toBe(5);
  });

  test("an array of rows is a stream of rows", async () => {
    const nested = [
      [1, 0],
      [2, 0],
    ];
    expect(await collect(model.predict(nested))).toEqual([
      { prediction: 2.5 },
      { prediction: 4.5 },
    ]);
  });

  test("a stream without rows gives no answers", async () => {
    expect(await collect(model.predict(rows(0)))).toEqual([]);
  });

  test("batches among rows are answered as batches", async () => {
    const items = [[1, 0], Float32Array.of(2, 0, 3, 0), [4, 0], [5, 0], Float64Array.of(6, 0)];
    const answers: (Prediction | BatchPrediction)[] = await collect(model.predict(items));
    expect(answers).toEqual([
      { prediction: answer(1) },
      { predictions: Float32Array.of(answer(2), answer(3)) },
      { prediction: answer(4) },
      { prediction: answer(5) },
      { predictions: Float64Array.of(answer(6)) },
    ]);
  });

  test("100,000 rows pass in constant memory, never far ahead of the consumer", async () => {
    let given = 0;
    async function* counted(): AsyncGenerator<RowInput> {
      for (let i = 0; i < 100_000; i++) {
        given++;
        yield await Promise.resolve([i, 0]);
      }
    }
    let answered = 0;
    let furthest = 0;
    for await (const { prediction } of model.predict(counted())) {
      if (prediction !== answer(answered)) throw new Error(`row ${answered}: ${prediction}`);
      answered++;
      furthest = Math.max(furthest, given - answered);
    }
    expect(answered).toBe(100_000);
    expect(furthest).toBeLessThanOrEqual(1024);
  });

  test("a bad row throws after the answers before it, and the source is let go", async () => {
    let closed = 0;
    function* source(): Generator<RowInput> {
      try {
        yield [1, 0];
        yield [2, 0];
        yield [3];
        yield [4, 0];
      } finally {
        closed++;
      }
    }
    const seen: unknown[] = [];
    const act = async (): Promise<void> => {
      for await (const one of model.predict(source())) seen.push(one.prediction);
    };
    expect(await codeOf(act)).toBe("RowLength");
    expect(seen).toEqual([answer(1), answer(2)]);
    expect(closed).toBe(1);
  });

  test.each<[string, unknown]>([
    ["a number", 7],
    ["a text", "1,2"],
    ["null", null],
    ["an Int8Array", new Int8Array(2)],
  ])("an item that is %s is InvalidArgument", async (_name, item) => {
    const items = slowly([[1, 0], item]) as AsyncIterable<RowInput>;
    expect(await codeOf(() => collect(model.predict(items)))).toBe("InvalidArgument");
  });

  test("what the source throws comes after the answers before it", async () => {
    const mine = new Error("mine");
    function* source(): Generator<RowInput> {
      yield [1, 0];
      throw mine;
    }
    const seen: unknown[] = [];
    const act = async (): Promise<void> => {
      for await (const one of model.predict(source())) seen.push(one.prediction);
    };
    expect(await thrownBy(act)).toBe(mine);
    expect(seen).toEqual([answer(1)]);
  });

  test("a consumer that stops early lets the source go", async () => {
    let closed = 0;
    async function* source(): AsyncGenerator<RowInput> {
      try {
        yield* slowly(rows(100));
      } finally {
        closed++;
      }
    }
    for await (const one of model.predict(source())) {
      expect(one.prediction).toBe(answer(0));
      break;
    }
    expect(closed).toBe(1);
  });

  test("predictProba streams as well", async () => {
    const classes = await openHere(await softmaxFile());
    const answers = await collect(classes.predictProba([[0, 0], { x: 0, y: 0 }]));
    expect(answers.length).toBe(2);
    for (const { probabilities } of answers) {
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
    expect(await codeOf(() => collect(model.predictProba(rows(1))))).toBe("NotAClassifier");
    classes.dispose();
  });

  test("a stream of a model that is disposed of meanwhile is Disposed", async () => {
    const brief = await openHere(await regressionFile());
    const act = async (): Promise<void> => {
      for await (const one of brief.predict(slowly(rows(10)))) {
        expect(one.prediction).toBe(answer(0));
        brief.dispose();
      }
    };
    expect(await codeOf(act)).toBe("Disposed");
  });
});
