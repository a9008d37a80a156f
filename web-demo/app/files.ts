// Where files come in: dropped anywhere on the page, or picked with a button.

import { byId } from "./dom.js";

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

export function onDrop(receive: (file: File) => void): void {
  const veil = byId("veil", HTMLElement);
  let depth = 0; // dragenter and dragleave fire for every element passed
  const settle = (change: number): void => {
    depth = Math.max(0, depth + change);
    veil.hidden = depth === 0;
  };
  const whileDragging = (name: "dragenter" | "dragleave" | "dragover", change: number): void =>
    addEventListener(name, (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault(); // or the browser would open the file itself
      settle(change);
    });
  whileDragging("dragenter", 1);
  whileDragging("dragover", 0);
  whileDragging("dragleave", -1);
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    settle(-depth);
    const file = event.dataTransfer?.files[0];
    if (file) receive(file);
  });
}

export function onPick(buttonId: string, inputId: string, receive: (file: File) => void): void {
  const input = byId(inputId, HTMLInputElement);
  byId(buttonId, HTMLButtonElement).addEventListener("click", () => {
    input.click();
  });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.value = ""; // so that the same file can be picked again
    if (file) receive(file);
  });
}

/** A ZIP by its mark, or anything with a zero byte: no table of text. Names are not asked. */
export async function looksLikeText(file: Blob): Promise<boolean> {
  const start = file.slice(0, 4096).arrayBuffer();
  const head = new Uint8Array(await start.catch(() => new ArrayBuffer(1))); // a folder, say
  return !(head[0] === 0x50 && head[1] === 0x4b) && !head.includes(0);
}
