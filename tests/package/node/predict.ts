import { open } from "andon";

using model = await open("iris.aprender", { kind: "model" });
if (model.verdict.integrity !== "ok") throw new Error(model.verdict.reasons.join("; "));

const features = Object.fromEntries(model.description.features.map(({ name }) => [name, 1]));
const one = await model.predict(features);
const many = await model.predict(new Float32Array(3 * model.description.features.length));
console.log(JSON.stringify({ one, many }));
