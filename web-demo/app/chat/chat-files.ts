// Chats as files of this machine: saved, and picked to be restored.

import { button, el } from "../dom.js";
import { visible } from "../foreign.js";

export function saveChat(file: Blob, modelName: string | null): void {
  const name = visible(modelName ?? "chat")
    .replace(/[/\\:]/g, "-")
    .slice(0, 80);
  const link = el("a", { download: `${name}.andon-chat` });
  link.href = URL.createObjectURL(file);
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}

/** The button, and the input behind it. */
export function chatPicker(receive: (file: File) => void): HTMLElement[] {
  const input = el("input", {
    type: "file",
    id: "chat-file",
    hidden: "",
    "aria-label": "Saved chat file",
  });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.value = ""; // so that the same file can be picked again
    if (file) receive(file);
  });
  const pick = button("Restore", () => {
    input.click();
  });
  return [pick, input];
}
