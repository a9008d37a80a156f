// argv: path of an ONNX file with 4 features. Prints milliseconds from the import to a prediction.
import { readFile } from "node:fs/promises";

const cpu = process.cpuUsage();
const start = performance.now();
const ort = await import("onnxruntime-web");
const imported = performance.now();
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(await readFile(process.argv[2]), {
  executionProviders: ["wasm"],
});
const opened = performance.now();
const rows = new ort.Tensor("float32", Float32Array.of(5.1, 3.5, 1.4, 0.2), [1, 4]);
const { out } = await session.run({ rows });
const end = performance.now();
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    total: end - start,
    import: imported - start,
    open: opened - imported,
    predict: end - opened,
    cpu: (user + system) / 1000,
    prediction: out.data[0],
  }),
);
