import * as ort from "onnxruntime-web";
import { onnxFile } from "../onnx.mjs";

ort.env.wasm.numThreads = 1;

export async function load(model) {
  const session = await ort.InferenceSession.create(new Uint8Array(onnxFile(model)), {
    executionProviders: ["wasm"],
  });
  const run = (rows) => {
    const shape = [rows.length / model.features, model.features];
    return session.run({ rows: new ort.Tensor("float32", rows, shape) });
  };
  return { run, one: run, result: async (rows) => (await run(rows)).out.data };
}
