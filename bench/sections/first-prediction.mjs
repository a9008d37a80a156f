// From the import to the first prediction in a process that has just begun, the file read from disk.

import { packed } from "../contenders/andon.mjs";
import { inFreshProcess, withFiles } from "../fresh.mjs";
import { onnxFile } from "../onnx.mjs";
import { smallModel } from "../problem.mjs";
import { median, ratio } from "../timing.mjs";

const processes = 10;
const reachMilliseconds = 40;

function summary(runs) {
  const of = (part) => median(runs.map((run) => run[part]));
  return {
    "median ms": of("total"),
    "best ms": Math.min(...runs.map(({ total }) => total)),
    "import ms": of("import"),
    "open ms": of("open"),
    "predict ms": of("predict"),
    "CPU ms": of("cpu"),
  };
}

export async function firstPrediction() {
  const files = {
    "model.aprender": await packed(smallModel),
    "model.onnx": onnxFile(smallModel),
  };
  return withFiles(files, async (paths) => {
    const runs = { andon: [], onnxruntime: [] };
    for (let i = 0; i < processes; i++) {
      runs.andon.push(await inFreshProcess("processes/first-andon", paths["model.aprender"]));
      runs.onnxruntime.push(
        await inFreshProcess("processes/first-onnxruntime", paths["model.onnx"]),
      );
    }
    const [ours, theirs] = [runs.andon[0].prediction, runs.onnxruntime[0].prediction];
    if (!(Math.abs(ours - theirs) < 1e-5)) throw new Error(`first prediction: ${ours}, ${theirs}`);
    const andon = summary(runs.andon);
    const onnxruntime = summary(runs.onnxruntime);
    const results = [
      { contender: "andon", ...andon, "x Andon": "1.0", "reach ms": reachMilliseconds },
      {
        contender: "onnxruntime",
        ...onnxruntime,
        "x Andon": ratio(onnxruntime["median ms"], andon["median ms"]),
      },
    ];
    return {
      title: `Import to first prediction, median of ${processes} fresh processes`,
      results,
    };
  });
}
