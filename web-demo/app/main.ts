// The page: a file comes in, its verdict is shown, and if it passed, the model.

import { showAbout } from "./about.js";
import { AndonError, open, type Model } from "./andon.js";
import { batchPanel } from "./batch.js";
import { byId } from "./dom.js";
import { showExamples, type Example } from "./examples.js";
import { looksLikeText, onDrop, onPick } from "./files.js";
import { showForm } from "./form.js";
import { keepForOffline } from "./offline.js";
import { showOpening } from "./opening.js";
import { flipOneBit } from "./tamper.js";
import { readKeyFile, trustControl } from "./trust.js";
import type { Value } from "./values.js";
import { hideVerdict, showAccepted, showRefused, type Actions, type Subject } from "./verdict.js";
import { showWeights } from "./weights.js";

interface Source {
  name: string;
  file: Blob;
  sample?: Value[];
  note?: string;
}

const modelArea = byId("model", HTMLElement);
const batch = batchPanel();
let current: { source: Source; model: Model | undefined } | undefined;
let stop = (): void => {};

const trust = trustControl(() => {
  if (current) void show(current.source);
});

const policy = () => {
  const keys = trust.keys();
  return keys.length > 0 ? { trust: keys } : {};
};

function actionsFor(source: Source): Actions {
  const requireSigner = (key: string): void => void trust.require(key);
  const tamper = async (): Promise<void> => {
    const { copy, note } = await flipOneBit(source.file);
    await show({ name: source.name, file: copy, note: `a copy, ${note}` });
  };
  return {
    ...(trust.keys().length === 0 ? { requireSigner } : {}),
    ...(source.note === undefined ? { tamper: () => void tamper() } : {}),
  };
}

async function showModel(source: Source, subject: Subject, model: Model): Promise<void> {
  const weights = await model.weights();
  showWeights(model.description, weights);
  showForm(model, source.sample);
  showAbout(model.description);
  batch.reset({ file: source.file, options: policy() });
  modelArea.hidden = false;
  showAccepted(subject, model.verdict, actionsFor(source));
}

/** Ends what is shown or still being opened, so that at no time two models mix. */
function clear(): void {
  stop();
  current?.model?.dispose();
  current = undefined;
  batch.stop();
  modelArea.hidden = true;
  hideVerdict();
}

async function show(source: Source): Promise<void> {
  clear();
  document.body.classList.add("opened");
  const opening = showOpening(source.name);
  const subject: Subject = { name: source.name, size: source.file.size };
  if (source.note) subject.note = source.note;
  let superseded = false;
  const abort = new AbortController();
  stop = () => {
    superseded = true;
    abort.abort();
  };
  try {
    const signal = AbortSignal.any([opening.signal, abort.signal]);
    const model = await open(source.file, { ...policy(), signal, onProgress: opening.progress });
    current = { source, model };
    await showModel(source, subject, model);
  } catch (error) {
    if (superseded || opening.signal.aborted) return;
    if (!(error instanceof AndonError)) throw error;
    current = { source, model: undefined };
    showRefused(subject, error, error.verdict, actionsFor({ ...source, note: "refused" }));
  } finally {
    if (!superseded) opening.done();
  }
}

async function openExample({ file, sample }: Example): Promise<void> {
  const response = await fetch(new URL(`../examples/${file}`, import.meta.url));
  await show({ name: file, file: await response.blob(), ...(sample ? { sample } : {}) });
}

async function receive(file: File): Promise<void> {
  if (current?.model && (await looksLikeText(file))) batch.score(file);
  else await show({ name: file.name, file });
}

onDrop((file) => void receive(file));
onPick("pick-model", "model-file", (file) => void show({ name: file.name, file }));
onPick("pick-key", "key-file", (file) => void readKeyFile(file));
onPick("pick-table", "table-file", (file) => batch.score(file));
showExamples((example) => void openExample(example));
void keepForOffline();
