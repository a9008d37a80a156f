// A worker of the page's own: the package works in it as well, by default without a further worker.
import { open } from "andon";

const model = await open(new URL("iris.aprender", location.origin), { kind: "model" });
const { prediction } = await model.predict(model.description.features.map(() => 1));
postMessage({ verdict: model.verdict, prediction });
