import { open } from "andon";

const response = await fetch("iris.aprender");
const model = await open(await response.blob());
const row = model.description.features.map(() => 1);
const answer = { verdict: model.verdict, one: await model.predict(row) };
model.dispose();
document.body.textContent = JSON.stringify(answer);
