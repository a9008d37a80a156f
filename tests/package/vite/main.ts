import { open } from "andon";

const violations: string[] = [];
document.addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
const response = await fetch("iris.aprender");
const model = await open(await response.blob(), { kind: "model" });
const row = model.description.features.map(() => 1);
const answer = { verdict: model.verdict, one: await model.predict(row), violations };
model.dispose();
document.body.textContent = JSON.stringify(answer);
