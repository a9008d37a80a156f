import { describe, expect, test } from "@jest/globals";
import { open, openInThread, pack, type PackDescription, type PackOptions } from "andon";
import { codeOf } from "./support/errors.js";
import { regression, softmax, without } from "./support/models.js";

/** A safetensors file of float32 tensors. */
function safetensors(tensors: Record<string, number[]>): Uint8Array {
  const header: Record<string, unknown> = {};
  const values = Object.values(tensors).flat();
  let offset = 0;
  for (const [name, numbers] of Object.entries(tensors)) {
    const end = offset + 4 * numbers.length;
    header[name] = { dtype: "F32", shape: [numbers.length], data_offsets: [offset, end] };
    offset = end;
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const file = new Uint8Array(8 + json.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(new Uint8Array(Float32Array.from(values).buffer), 8 + json.length);
  return file;
}

test("what was packed opens, verified", async () => {
  const model = await open(await pack(regression), { kind: "model" });
  expect(model.verdict).toMatchObject({ integrity: "ok", signature: "none" });
  expect(await model.predict([1, 0])).toEqual({ prediction: 2.5 });
  model.dispose();
});

test("the same description gives the same bytes", async () => {
  expect(await pack(softmax)).toEqual(await pack(softmax));
});

test("weights can be a safetensors file", async () => {
  const description = without(regression, "weights");
  const weights = safetensors({ coefficients: [4, 5], intercept: [6] });
  const model = await openInThread(await pack(description, { weights }));
  expect(model.predict([1, 1])).toEqual({ prediction: 15 });
  model.dispose();
});

test("attachments are among the files of the model", async () => {
  const attachments = { "curve.csv": new TextEncoder().encode("1,2\n"), empty: new Uint8Array() };
  const model = await openInThread(await pack(regression, { attachments }));
  const sizes = Object.fromEntries(model.description.files.map(({ name, size }) => [name, size]));
  expect(sizes).toMatchObject({ "curve.csv": 4, empty: 0 });
  model.dispose();
});

test("the caller's bytes stay as they were", async () => {
  const signingKey = new Uint8Array(32).fill(3);
  await pack(regression, { signingKey });
  expect(signingKey).toEqual(new Uint8Array(32).fill(3));
});

describe("refusals", () => {
  test("DescriptionMalformed: a member is missing", async () => {
    const rest = without(regression, "model_id") as PackDescription;
    expect(await codeOf(() => pack(rest))).toBe("DescriptionMalformed");
  });

  test("InvalidArgument: the description is not JSON", async () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    expect(await codeOf(() => pack(circular as unknown as PackDescription))).toBe(
      "InvalidArgument",
    );
    expect(await codeOf(() => pack(undefined as unknown as PackDescription))).toBe(
      "InvalidArgument",
    );
  });

  test("KeyMalformed: a signing key of another size", async () => {
    for (const size of [0, 31, 33, 64]) {
      const signingKey = new Uint8Array(size);
      expect(await codeOf(() => pack(regression, { signingKey }))).toBe("KeyMalformed");
    }
  });

  test.each<[string, object]>([
    ["weights", { weights: "F32" }],
    ["an attachment", { attachments: { notes: "text" } }],
    ["the signing key", { signingKey: "secret" }],
  ])("InvalidArgument: %s is not a Uint8Array", async (_name, options) => {
    expect(await codeOf(() => pack(regression, options as PackOptions))).toBe("InvalidArgument");
  });

  test("what opening would refuse is refused: a name that is used twice", async () => {
    const description = { ...regression, features: [{ name: "x" }, { name: "x" }] };
    expect(await codeOf(() => pack(description))).toBe("FeatureNameDuplicate");
  });
});
