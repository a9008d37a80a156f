// Which experts write a text, and what of theirs counts for it.

import { AndonError } from "../errors.js";
import type { ExpertManifest } from "../expert-description.js";
import { AttachedExpert } from "./attached-expert.js";
import type { ExpertOptions, GenerateOptions, GrammarOption } from "./options.js";
import type { ModelCalls } from "./model-calls.js";
import type { ExpertChoice, GrammarChoice } from "./protocol.js";
import type { Sampling } from "./sampling.js";

/** More than one marketplace question needs, few enough that their sums cost less than the model. */
const mostExperts = 10;

/** What experts bring for a text beside what they change of the model. */
export interface Brought {
  grammar: GrammarChoice;
  decoding: Decoding;
}

type Decoding = NonNullable<ExpertManifest["decoding"]>;

export interface Chosen {
  uses: readonly { expert: AttachedExpert; weight: number }[];
  softPrompt: boolean;
  calibration: boolean;
  /** By experts that are part of the model: they say what `uses` leave open. */
  carried: readonly Brought[];
}

export const nobody: Chosen = { uses: [], softPrompt: true, calibration: true, carried: [] };

/** What `options` leave open is as `before`. Errors: InvalidArgument, TooManyExperts. */
export function chosenOf(options: ExpertOptions, before: Chosen = nobody): Chosen {
  const { experts, softPrompt = before.softPrompt, calibration = before.calibration } = options;
  const uses = experts === undefined ? before.uses : usesOf(experts);
  return { uses, softPrompt, calibration, carried: before.carried };
}

function usesOf(experts: NonNullable<ExpertOptions["experts"]>): Chosen["uses"] {
  if (experts.length > mostExperts) {
    throw new AndonError("TooManyExperts", `experts: more than ${mostExperts}`);
  }
  const uses = experts.map((use) => {
    const { expert, weight }: { expert: unknown; weight?: unknown } =
      use instanceof AttachedExpert ? { expert: use } : { ...use };
    if (!(expert instanceof AttachedExpert)) {
      throw new AndonError("InvalidArgument", "experts: one of them comes from no attach()");
    }
    return { expert, weight: requireWeight(weight ?? expert.weight) };
  });
  if (new Set(uses.map(({ expert }) => expert)).size === uses.length) return uses;
  throw new AndonError("InvalidArgument", "experts: one of them comes twice");
}

/** Errors: InvalidArgument. */
export function requireWeight(weight: unknown): number {
  if (typeof weight === "number" && Math.abs(weight) <= 100) return weight;
  throw new AndonError("InvalidArgument", "weight: not a number from -100 to 100");
}

/** As the worker of these calls knows them. Errors: Disposed, ExpertForeign. */
export function choiceOf(
  { uses, softPrompt, calibration }: Chosen,
  calls: ModelCalls,
): ExpertChoice {
  const experts = uses.map(({ expert, weight }) => ({ id: expert.idIn(calls), weight }));
  return { experts, softPrompt, calibration };
}

/** Errors: InvalidArgument. */
export function requireGrammar(option: GrammarOption | undefined): void {
  if (option === undefined || option === false || option === "expert") return;
  const { gbnf, schema } = option as { gbnf?: unknown; schema?: unknown };
  if (typeof gbnf === "string" && schema === undefined) return;
  if (gbnf === undefined && ["object", "boolean"].includes(typeof schema) && schema !== null)
    return;
  throw new AndonError(
    "InvalidArgument",
    'grammar: neither { gbnf }, { schema }, "expert" nor false',
  );
}

/** Errors: InvalidArgument where "expert" is asked for and none has a grammar. */
export function grammarOf(
  option: GrammarOption | undefined,
  { uses, carried }: Chosen,
  calls: ModelCalls,
): GrammarChoice {
  if (option === false) return undefined;
  if (typeof option === "object") {
    return "gbnf" in option ? { gbnf: option.gbnf } : { schema: JSON.stringify(option.schema) };
  }
  const asked = option === "expert";
  const brought = uses.map(({ expert }): Brought => ({
    grammar: expert.brings.grammar ? { expert: expert.idIn(calls) } : undefined,
    decoding: expert.manifest.decoding ?? {},
  }));
  const found = [...brought, ...carried].find(
    ({ grammar, decoding }) => grammar !== undefined && (asked || decoding.use_grammar !== false),
  );
  if (found !== undefined) return found.grammar;
  if (asked) throw new AndonError("InvalidArgument", "grammar: no expert brings one");
  return undefined;
}

/** What callers did not say is as the first expert that says it has it in its manifest. */
export function withDecoding(
  sampling: Sampling,
  given: GenerateOptions,
  { uses, carried }: Chosen,
): Sampling {
  if (given.decoding === false) return sampling;
  const settings: Decoding[] = [
    ...uses.map(({ expert }) => expert.manifest.decoding ?? {}),
    ...carried.map(({ decoding }) => decoding),
  ];
  const first = <Name extends keyof Decoding>(name: Name) =>
    settings.find((decoding) => decoding[name] !== undefined)?.[name];
  const merged = { ...sampling };
  if (given.temperature === undefined)
    merged.temperature = first("temperature") ?? sampling.temperature;
  if (given.topK === undefined) merged.topK = first("top_k") ?? sampling.topK;
  if (given.topP === undefined) merged.topP = first("top_p") ?? sampling.topP;
  if (given.minP === undefined) merged.minP = first("min_p") ?? sampling.minP;
  if (given.stop === undefined) {
    merged.stop = (first("stop_sequences") ?? []).filter((text) => text !== "");
  }
  return merged;
}
