// The files that make a language model: one GGUF file, the parts of a split one, or a folder of safetensors.

import type { ModelSource, Source } from "../source.js";
import { tagOf } from "../values.js";

export interface NamedSource {
  name: string;
  source: ModelSource;
  /** Where it was opened already. */
  opened?: Source | undefined;
}

/** What comes before the weights, in this order. */
const first = [
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "generation_config.json",
  "chat_template.jinja",
  "model.safetensors.index.json",
];

/** What a folder of safetensors may have beside them, such as a README, is left out. */
export function inLoadingOrder(files: readonly NamedSource[]): NamedSource[] {
  const known = files.filter(({ name }) => placeOf(name) >= 0);
  const wanted = known.length > 1 ? known : files;
  return [...wanted].sort(
    (a, b) => placeOf(a.name) - placeOf(b.name) || (a.name < b.name ? -1 : 1),
  );
}

function placeOf(name: string): number {
  return /\.(gguf|safetensors)$/i.test(name) ? first.length : first.indexOf(name);
}

/** The last part of a path or URL. */
export function nameOf(path: string | URL): string {
  return String(path)
    .replace(/[?#].*$/, "")
    .replace(/^.*[/\\]/, "");
}

/** The names of all parts of a split GGUF file, `model-00001-of-00002.gguf`; one name if it is none. */
export function partNames(name: string): string[] {
  const split = /^(.*-)\d{5}-of-(\d{5})\.gguf$/i.exec(name);
  if (split === null) return [name];
  const [, stem = "", count = ""] = split;
  return Array.from(
    { length: Number(count) },
    (_, i) => `${stem}${String(i + 1).padStart(5, "0")}-of-${count}.gguf`,
  );
}

/** A plain object of any realm, and no iterable. */
export function isFiles(
  source: ModelSource | Readonly<Record<string, ModelSource>>,
): source is Readonly<Record<string, ModelSource>> {
  if (tagOf(source) !== "Object") return false;
  return !(Symbol.iterator in Object(source) || Symbol.asyncIterator in Object(source));
}
