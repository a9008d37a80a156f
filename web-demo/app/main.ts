// The page: where files come in.

import { byId } from "./dom.js";
import { showExamples } from "./examples.js";
import { looksLikeChat, looksLikeText, onDrop, onPick } from "./files.js";
import { plural } from "./format.js";
import { keepForOffline } from "./offline.js";
import { readKeyFile } from "./trust.js";
import { viewer } from "./viewer.js";

/** A list of hashes, as `sha256sum` writes it, may come with the files of a language model. */
const holdsHashes = ({ name }: File): boolean => /\.sha256$|^sha256sums$/i.test(name);

async function receive(all: File[]): Promise<void> {
  const hashes = all.find(holdsHashes);
  const files = all.filter((file) => file !== hashes);
  const [first] = files.length > 0 ? files : all;
  if (!first || (await viewer.join(files))) return;
  if (files.length > 1) showAll(first, files, hashes);
  else if (await looksLikeChat(first)) viewer.restore(first);
  else if (!(await looksLikeText(first)) || !viewer.score(first)) showOne(first, hashes);
}

function showOne(file: File, hashes: File | undefined): void {
  const { name, size } = file;
  void viewer.show({ name, size, content: file, ...(hashes ? { hashes } : {}) });
}

/** The parts of a language model. */
function showAll(first: File, files: File[], hashes: File | undefined): void {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const name = `${first.name} and ${plural(files.length - 1, "other file")}`;
  const named = Object.fromEntries(files.map((file) => [file.name, file]));
  void viewer.show({ name, size, content: first, files: named, ...(hashes ? { hashes } : {}) });
}

onDrop((files) => void receive(files));
onPick("pick-model", "model-file", (_, files) => void receive(files));
onPick("pick-key", "key-file", (file) => void readKeyFile(file));
onPick("pick-list", "list-file", (file) => void viewer.trust.addListFrom(file));
onPick("pick-table", "table-file", (file) => {
  viewer.score(file);
});
showExamples(viewer);
keepForOffline().catch(() => {
  byId("offline", HTMLElement).textContent = "Needs the network";
});
