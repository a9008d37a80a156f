import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { pack, type ErrorCode, type FeatureRecord, type FeatureRow, type Model } from "andon";
import { codeOf, errorOf } from "./support/errors.js";
import { everyType, homes, without } from "./support/models.js";

const record = { f32: 1, f64: 2.5, i32: -3, i64: 4, flag: true } as const;

describe.each(homes)("%s", (_, openHere) => {
  let model: Model;
  beforeAll(async () => {
    model = await openHere(await pack(everyType));
  });
  afterAll(() => {
    model.dispose();
  });

  /** The prediction for `record` with some values replaced. */
  const withValues = async (values: object): Promise<unknown> =>
    (await model.predict({ ...record, ...values } as FeatureRecord)).prediction;

  test("a record in the order of the schema predicts", async () => {
    expect(await model.predict(record)).toEqual({ prediction: 5.5 });
  });

  test("a record in another order predicts the same", async () => {
    const { f32, ...rest } = record;
    expect(await model.predict({ ...rest, f32 })).toEqual({ prediction: 5.5 });
  });

  test("a record without a prototype predicts the same", async () => {
    const bare = Object.assign(Object.create(null) as object, record);
    expect(await model.predict(bare)).toEqual({
      prediction: 5.5,
    });
  });

  test("a row in the order of the schema predicts the same", async () => {
    expect(await model.predict(Object.values(record))).toEqual({ prediction: 5.5 });
  });

  test("a bigint is a value of an int64 feature", async () => {
    expect(await withValues({ i64: 4n })).toBe(5.5);
    expect(await withValues({ i64: -(2n ** 63n) })).toBe(-(2 ** 63));
  });

  test("false is zero", async () => {
    expect(await withValues({ flag: false })).toBe(4.5);
  });

  test("null where nullable makes the prediction NaN", async () => {
    expect(await withValues({ f64: null })).toBeNaN();
    expect(await withValues({ flag: null })).toBeNaN();
  });

  test("NaN makes the prediction NaN", async () => {
    expect(await withValues({ f32: NaN })).toBeNaN();
  });

  const refused: [ErrorCode, string, object][] = [
    ["FeatureValue", "a text for a number", { f32: "1" }],
    ["FeatureValue", "a boolean for a number", { f64: true }],
    ["FeatureValue", "a bigint for a float", { f64: 1n }],
    ["FeatureValue", "a fraction for an int32", { i32: 0.5 }],
    ["FeatureValue", "an int32 that is too large", { i32: 2 ** 31 }],
    ["FeatureValue", "NaN for an int32", { i32: NaN }],
    ["FeatureValue", "a bigint for an int32", { i32: 1n }],
    ["FeatureValue", "a fraction for an int64", { i64: 0.5 }],
    ["FeatureValue", "an int64 that is too large", { i64: 2 ** 63 }],
    ["FeatureValue", "a bigint that is too large", { i64: 2n ** 63n }],
    ["FeatureValue", "infinity for an int64", { i64: -Infinity }],
    ["FeatureValue", "a number for a boolean", { flag: 1 }],
    ["FeatureValue", "an object for a number", { f32: {} }],
    ["FeatureNull", "null where not nullable", { f32: null }],
    ["FeatureValue", "undefined for a feature", { i32: undefined }],
    ["FeatureUnexpected", "a key that is no feature", { colour: 1 }],
  ];
  test.each(refused)("%s: %s", async (code, _name, values) => {
    expect(await codeOf(() => withValues(values))).toBe(code);
  });

  test("FeatureMissing: a record that lacks a feature", async () => {
    const error = await errorOf(() => model.predict(without(record, "f32")));
    expect(error.code).toBe("FeatureMissing");
    expect(error.message).toContain("'f32'");
  });

  test("FeatureMissing: a feature that is only inherited", async () => {
    const { f32, ...rest } = record;
    const heir = Object.assign(Object.create({ f32 }) as object, rest) as FeatureRecord;
    expect(await codeOf(() => model.predict(heir))).toBe("FeatureMissing");
  });

  test("FeatureMissing: a record with another key in the place of a feature", async () => {
    const { f32, ...rest } = record;
    expect(await codeOf(() => model.predict({ F32: f32, ...rest }))).toBe("FeatureMissing");
  });

  test.each([0, 4, 6])("RowLength: a row of %d values", async (length) => {
    const row = Array.from({ length }, () => 1);
    expect(await codeOf(() => model.predict(row))).toBe("RowLength");
  });

  test("FeatureValue: a row with a hole", async () => {
    const row: FeatureRow = new Array<number>(5);
    expect(await codeOf(() => model.predict(row))).toBe("FeatureValue");
  });

  test("BatchLength: a batch that ends within a row", async () => {
    expect(await codeOf(() => model.predict(new Float32Array(7)))).toBe("BatchLength");
  });

  test.each<[string, unknown]>([
    ["a number", 1],
    ["a text", "1,2,3"],
    ["null", null],
    ["nothing", undefined],
    ["an Int32Array", new Int32Array(5)],
    ["a DataView", new DataView(new ArrayBuffer(40))],
  ])("InvalidArgument: %s", async (_name, input) => {
    expect(await codeOf(() => model.predict(input as FeatureRow))).toBe("InvalidArgument");
  });
});
