// The models and experts that come with the page.

import { button, byId, el } from "./dom.js";
import type { Value } from "./values.js";
import type { viewer as theViewer } from "./viewer.js";

type Viewer = typeof theViewer;

interface Example {
  file: string;
  title: string;
  about: string;
  sample?: Value[]; // a row to start from
  list?: string; // a revocation list that goes with it
}

const flower = [5.9, 3, 4.2, 1.5];
const patient = [0.038, 0.051, 0.062, 0.022, -0.044, -0.035, -0.043, -0.003, 0.02, -0.018];

const models: Example[] = [
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

const experts: Example[] = [
  { file: "sql.expert", title: "SQL expert", about: "signed under a root, release 2" },
  { file: "sql-older.expert", title: "Older release", about: "of the same, release 1" },
  { file: "unsigned.expert", title: "Unsigned", about: "DoRA, signed by nobody" },
  { file: "expired.expert", title: "Expired", about: "its certificate ended in 2025" },
  {
    file: "revoked.expert",
    title: "Revoked",
    about: "and the list that says so",
    list: "revoked.crl",
  },
  { file: "sql-v1.expert", title: "Version 1", about: "the old tar.gz, deprecated" },
];
const root = {
  file: "example-root.pub.pem",
  name: "The root of these examples",
  scope: "expert-example-*",
};

const address = (name: string): URL => new URL(`../examples/${name}`, import.meta.url);

async function openModel(viewer: Viewer, { file: name, sample }: Example): Promise<void> {
  try {
    const content = await (await fetch(address(name))).blob();
    await viewer.show({ name, content, size: content.size, ...(sample ? { sample } : {}) });
  } catch {
    const refusal = { code: "SourceUnreadable", message: "the example could not be fetched" };
    viewer.refuse({ name, content: new Blob() }, refusal);
  }
}

/** By its address, so that only the parts that are shown are read. */
async function openExpert(viewer: Viewer, { file: name, list }: Example): Promise<void> {
  if (list !== undefined) await viewer.trust.addListFrom(await fetch(address(list)));
  await viewer.show({ name, content: address(name) });
}

async function requireRoot({ trust }: Viewer): Promise<void> {
  await trust.require(await (await fetch(address(root.file))).text(), root.name, root.scope);
}

function item(title: string, about: string, press: () => void, kind = "example"): HTMLElement {
  const control = button("", press, { class: kind });
  control.append(el("strong", {}, title), " ", el("span", {}, about));
  return el("li", {}, control);
}

function items(examples: Example[], open: (example: Example) => void): HTMLElement[] {
  return examples.map((example) =>
    item(example.title, example.about, () => {
      open(example);
    }),
  );
}

export function showExamples(viewer: Viewer): void {
  const assistant = item(
    "Assistant",
    "a small language model, with experts for SQL, JSON and Cypher",
    () => void viewer.showAssistant(),
  );
  const trusting = item(
    "Require their root",
    "and open what it vouches for",
    () => void requireRoot(viewer),
    "example requiring",
  );
  byId("examples", HTMLElement).replaceChildren(
    ...items(models, (example) => void openModel(viewer, example)),
  );
  byId("assistants", HTMLElement).replaceChildren(assistant);
  byId("experts", HTMLElement).replaceChildren(
    ...items(experts, (example) => void openExpert(viewer, example)),
    trusting,
  );
}
