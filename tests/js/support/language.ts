import { open, type LanguageModel, type LanguageModelOptions, type Part } from "andon";
import { tinyGguf, type TinyModel } from "./gguf.js";

/** A tiny model, open; greedy unless told otherwise. */
export async function openTiny(
  model: TinyModel = {},
  options: LanguageModelOptions = {},
): Promise<LanguageModel> {
  return open(tinyGguf(model), { threads: 1, ...options, kind: "language-model" });
}

/** A module of the package as it was built; the package exports none of them. */
export async function textInternals<T>(module: string): Promise<T> {
  const url = new URL(`../../../../dist/text/${module}.js`, import.meta.url);
  return (await import(url.href)) as T;
}

/** The text of parts, and nothing else of them. */
export function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
