// Measures the built package beside onnxruntime-web and plain JavaScript, in one run.
//   usage: node bench/main.mjs [--json] [--rounds N] [SECTION...]

import { runSections } from "./run.mjs";
import { batch } from "./sections/batch.mjs";
import { firstPrediction } from "./sections/first-prediction.mjs";
import { load } from "./sections/load.mjs";
import { oneRow } from "./sections/one-row.mjs";
import { size } from "./sections/size.mjs";

const sections = { batch, "one-row": oneRow, "first-prediction": firstPrediction, size, load };

await runSections(sections, { rounds: 50 });
process.exit(0); // onnxruntime-web keeps the process alive
