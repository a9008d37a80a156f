// Experts on their way into a copy of a language model, from the page or program.

import { AndonError } from "../errors.js";
import type { ExpertUse } from "./attached-expert.js";
import { chosenOf, choiceOf, type Brought } from "./expert-choice.js";
import type { MergeOptions } from "./merge-options.js";
import type { ModelCalls } from "./model-calls.js";
import type { MergedModel, MergeWish, OpenedText } from "./protocol.js";

export interface Merged {
  calls: ModelCalls;
  opened: OpenedText;
  /** What its texts begin with unless they say otherwise. */
  carried: Brought[];
}

/** Errors: those of `LanguageModel.merge`. */
export async function mergeExperts(
  calls: ModelCalls,
  experts: readonly ExpertUse[],
  options: MergeOptions,
): Promise<Merged> {
  const { maxMemory, signal, ...counting } = options;
  signal?.throwIfAborted();
  requireBytes(maxMemory);
  const chosen = chosenOf({ ...counting, experts });
  const decodings = chosen.uses.map(({ expert }) => expert.manifest.decoding ?? {});
  const ready = await run(calls, { use: choiceOf(chosen, calls), maxMemory }, options);
  const carried = decodings.map((decoding, i): Brought => {
    const gbnf = ready.grammars[i];
    return { grammar: gbnf === undefined ? undefined : { gbnf }, decoding };
  });
  return { calls: calls.beside(ready.model), opened: ready.opened, carried };
}

/** Errors: InvalidArgument. */
function requireBytes(maxMemory: unknown): void {
  if (maxMemory === undefined || (typeof maxMemory === "number" && maxMemory >= 0)) return;
  throw new AndonError("InvalidArgument", "maxMemory: not a number of bytes");
}

async function run(
  calls: ModelCalls,
  wish: MergeWish,
  { signal, onProgress }: MergeOptions,
): Promise<MergedModel> {
  const { id, total } = await calls.call("beginMerge", wish);
  try {
    for (let merged = 0; ;) {
      onProgress?.({ merged, total });
      signal?.throwIfAborted();
      const step = await calls.call("continueMerge", id);
      if ("model" in step) return step;
      ({ merged } = step);
    }
  } catch (thrown) {
    calls.call("endMerge", id).catch(() => undefined);
    throw thrown;
  }
}
