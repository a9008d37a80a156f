import type { ModelSource } from "../source.js";
import { tagOf } from "../values.js";
import type { WorkerSource } from "./protocol.js";

/** What the worker can read by itself: its bytes never pass through the page. */
export function asWorkerSource(source: ModelSource): WorkerSource | undefined {
  if (typeof source === "string") {
    const { document } = globalThis as { document?: { baseURI: string } };
    return document === undefined ? source : new URL(source, document.baseURI).href;
  }
  if (source instanceof URL) return source.href;
  return ["Blob", "File"].includes(tagOf(source)) ? (source as Blob) : undefined;
}
