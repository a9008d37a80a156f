import { AndonError } from "../errors.js";
import { open, openLanguageModel } from "../open.js";
import type { ModelSource } from "../source.js";
import type { LanguageModelDescription } from "./description.js";
import type { LanguageModel } from "./language-model.js";
import type { LanguageModelOptions } from "./load-options.js";
import { isFiles } from "./model-files.js";
import type { ChatOptions, GenerationResult, Message, Part, SessionOptions } from "./options.js";

/**
 * One language model at a time, that is loaded and unloaded: for programs that have one place for it.
 *
 * @throws AndonError `ModelNotLoaded` before `load` and after `unload`; otherwise those of `LanguageModel`
 */
export class TextGenerator {
  #model: LanguageModel | undefined;
  /** Counts loads, so that one that was overtaken is let go. */
  #loads = 0;

  /** What was loaded before is unloaded once the new model is there. @throws AndonError as `open` */
  async load(
    source: ModelSource | Readonly<Record<string, ModelSource>>,
    options: LanguageModelOptions = {},
  ): Promise<void> {
    const load = ++this.#loads;
    const model = isFiles(source)
      ? await openLanguageModel(source, options)
      : await open(source, { ...options, kind: "language-model" });
    if (load !== this.#loads) {
      model.dispose();
      throw new AndonError("ModelNotLoaded", "it was unloaded, or another was loaded, meanwhile");
    }
    this.#model?.dispose();
    this.#model = model;
  }

  /** Frees the memory; what is under way is rejected with `Disposed`. */
  unload(): void {
    this.#loads++;
    this.#model?.dispose();
    this.#model = undefined;
  }

  get isLoaded(): boolean {
    return this.#model !== undefined;
  }

  /** `undefined`: nothing is loaded. */
  get modelInfo(): LanguageModelDescription | undefined {
    return this.#model?.description;
  }

  /** The whole text, with why it ended and its numbers. */
  async generate(
    prompt: string | readonly Message[],
    options: ChatOptions & SessionOptions = {},
  ): Promise<GenerationResult> {
    return this.#write(prompt, options).result();
  }

  /** The text as it comes. */
  async *generateStream(
    prompt: string | readonly Message[],
    options: ChatOptions & SessionOptions = {},
  ): AsyncGenerator<Part, void, undefined> {
    yield* this.#write(prompt, options);
  }

  #write(prompt: string | readonly Message[], options: ChatOptions & SessionOptions) {
    const model = this.#model;
    if (model === undefined) throw new AndonError("ModelNotLoaded", "no model is loaded");
    return typeof prompt === "string"
      ? model.generate(prompt, options)
      : model.chat(prompt, options);
  }
}
