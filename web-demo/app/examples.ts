// The models that come with the page, each with a row to start from.

import { button, byId, el } from "./dom.js";
import type { Value } from "./values.js";

export interface Example {
  file: string;
  title: string;
  about: string;
  sample?: Value[];
}

const flower = [5.9, 3, 4.2, 1.5];
const patient = [0.038, 0.051, 0.062, 0.022, -0.044, -0.035, -0.043, -0.003, 0.02, -0.018];

export const examples: Example[] = [
  { file: "iris.aprender", title: "Iris", about: "which of three flowers", sample: flower },
  { file: "diabetes.aprender", title: "Diabetes", about: "how a disease goes on", sample: patient },
  {
    file: "iris-signed.aprender",
    title: "Iris, signed",
    about: "with a signature",
    sample: flower,
  },
  { file: "iris-tampered.aprender", title: "Iris, tampered with", about: "changed after signing" },
];

export function showExamples(openExample: (example: Example) => void): void {
  const items = examples.map((example) => {
    const press = button(
      "",
      () => {
        openExample(example);
      },
      { class: "example" },
    );
    press.append(el("strong", {}, example.title), " ", el("span", {}, example.about));
    return el("li", {}, press);
  });
  byId("examples", HTMLElement).replaceChildren(...items);
}
