// The page: a file comes in, its verdict is shown, and if it passed, the model.

import { showAbout } from "./about.js";
import { AndonError, open, type Model, type OpenOptions } from "./andon.js";
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

interface Source extends Subject {
  sample?: Value[]; // what the form starts with
}

const modelArea = byId("model", HTMLElement);
const batch = batchPanel();
let current: { source: Source; model?: Model } | undefined; // without a model: opening, or refused
let attempt: AbortController | undefined;

const trust = trustControl(() => {
  if (current) void show(current.source);
});

function policy(): Pick<OpenOptions, "trust"> {
  const keys = trust.keys();
  return keys.length > 0 ? { trust: keys } : {};
}

function requireSigner(): Actions {
  if (trust.keys().length > 0) return {};
  return { requireSigner: (key) => void trust.require(key) };
}

function tamper({ name, file, note }: Source): Actions {
  if (note !== undefined) return {}; // it is such a copy already
  const run = async (): Promise<void> => {
    const flipped = await flipOneBit(file).catch(() => undefined); // it may have become unreadable
    await show(flipped ? { name, file: flipped.copy, note: flipped.note } : { name, file });
  };
  return { tamper: () => void run() };
}

async function showModel(source: Source, model: Model): Promise<void> {
  const weights = await model.weights();
  showWeights(model.description, weights);
  showForm(model, source.sample);
  showAbout(model.description);
  batch.reset({ file: source.file, options: policy() });
  modelArea.hidden = false;
  showAccepted(source, model.verdict, { ...requireSigner(), ...tamper(source) });
}

/** Ends what is shown or still being opened, so that at no time two models mix. */
function clear(): void {
  attempt?.abort();
  current?.model?.dispose();
  current = undefined;
  batch.stop();
  modelArea.hidden = true;
  hideVerdict();
}

async function show(source: Source): Promise<void> {
  clear();
  document.body.classList.add("opened");
  current = { source };
  const mine = (attempt = new AbortController());
  const { signal } = mine;
  const opening = showOpening(source.name, mine);
  try {
    const { onProgress } = opening;
    const model = await open(source.file, { ...policy(), signal, onProgress });
    current = { source, model };
    await showModel(source, model);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof AndonError)) throw error;
    showRefused(source, error, error.verdict, requireSigner());
  } finally {
    if (attempt === mine) opening.done();
  }
}

async function fetchExample(name: string): Promise<Blob | undefined> {
  try {
    return await (await fetch(new URL(`../examples/${name}`, import.meta.url))).blob();
  } catch {
    return undefined;
  }
}

async function openExample({ file: name, sample }: Example): Promise<void> {
  const file = await fetchExample(name);
  if (file) {
    await show({ name, file, ...(sample ? { sample } : {}) });
    return;
  }
  clear();
  const refusal = { code: "SourceUnreadable", message: "the example could not be fetched" };
  showRefused({ name, file: new Blob() }, refusal, undefined, {});
}

async function receive(file: File): Promise<void> {
  if (current?.model && (await looksLikeText(file))) batch.score(file);
  else await show({ name: file.name, file });
}

onDrop((file) => void receive(file));
onPick("pick-model", "model-file", (file) => void show({ name: file.name, file }));
onPick("pick-key", "key-file", (file) => void readKeyFile(file));
onPick("pick-table", "table-file", (file) => {
  batch.score(file);
});
showExamples((example) => void openExample(example));
keepForOffline().catch(() => {
  byId("offline", HTMLElement).textContent = "Needs the network";
});
