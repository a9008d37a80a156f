// Where files come in: dropped anywhere on the page, or picked with a button.

import { byId } from "./dom.js";

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** Files of folders that were dropped, and what they hold at their top. */
async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = entry as FileSystemFileEntry;
    return [await new Promise<File>((resolve, reject) => file.file(resolve, reject))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break; // they come by the hundred
    inside.push(...some);
  }
  const files = inside.filter(({ isFile }) => isFile).map(filesOf);
  return (await Promise.all(files)).flat();
}

/** To be called while the event lasts. */
async function droppedFiles({ items, files }: DataTransfer): Promise<File[]> {
  const plain = [...files];
  const entries = [...items].map((item) => item.webkitGetAsEntry());
  const folders = entries.filter((entry) => entry?.isDirectory === true) as FileSystemEntry[];
  if (folders.length === 0) return plain;
  const single = entries.flatMap((entry) => (entry?.isFile === true ? [entry] : []));
  return (await Promise.all([...single, ...folders].map(filesOf))).flat();
}

export function onDrop(receive: (files: File[]) => void): void {
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
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(receive);
  });
}

/** Several files where the input takes several. */
export function onPick(
  buttonId: string,
  inputId: string,
  receive: (first: File, all: File[]) => void,
): void {
  const input = byId(inputId, HTMLInputElement);
  byId(buttonId, HTMLButtonElement).addEventListener("click", () => {
    input.click();
  });
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = ""; // so that the same file can be picked again
    if (files[0]) receive(files[0], files);
  });
}

/** A ZIP by its mark, or anything with a zero byte: no table of text. Names are not asked. */
export async function looksLikeText(file: Blob): Promise<boolean> {
  const start = file.slice(0, 4096).arrayBuffer();
  const head = new Uint8Array(await start.catch(() => new ArrayBuffer(1))); // a folder, say
  return !(head[0] === 0x50 && head[1] === 0x4b) && !head.includes(0);
}

/** How a chat that this page saved begins. */
export const chatMark = "andon-chat 1\n";
/** How a session begins that a program saved. */
const sessionMark = "ANDNSESS";

export async function looksLikeChat(file: Blob): Promise<boolean> {
  const start = await file
    .slice(0, chatMark.length)
    .text()
    .catch(() => ""); // a folder, say
  return start === chatMark || start.startsWith(sessionMark);
}
