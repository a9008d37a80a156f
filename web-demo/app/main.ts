// The page: where files come in.

import { byId } from "./dom.js";
import { showExamples } from "./examples.js";
import { looksLikeText, onDrop, onPick } from "./files.js";
import { keepForOffline } from "./offline.js";
import { readKeyFile } from "./trust.js";
import { viewer } from "./viewer.js";

const show = (file: File): Promise<void> =>
  viewer.show({ name: file.name, size: file.size, content: file });

async function receive(file: File): Promise<void> {
  const scored = (await looksLikeText(file)) && viewer.score(file);
  if (!scored) await show(file);
}

onDrop((file) => void receive(file));
onPick("pick-model", "model-file", (file) => void show(file));
onPick("pick-key", "key-file", (file) => void readKeyFile(file));
onPick("pick-list", "list-file", (file) => void viewer.trust.addListFrom(file));
onPick("pick-table", "table-file", (file) => {
  viewer.score(file);
});
showExamples(viewer);
keepForOffline().catch(() => {
  byId("offline", HTMLElement).textContent = "Needs the network";
});
