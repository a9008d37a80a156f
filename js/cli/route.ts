// andon route QUERY [FILE...]

import { type ExpertFacts, expertFacts, open, openExpertStore, Router } from "../index.js";
import { parseVerb, required, wholeNumber } from "./arguments.js";
import { Exit, UsageError } from "./errors.js";
import { policyToLook } from "./policy.js";
import { routePage } from "./route-page.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { toJsonText } from "./text.js";

const OPTIONS = {
  k: { type: "string", short: "k" },
  capability: { type: "string", multiple: true },
  threshold: { type: "string" },
  store: { type: "string" },
  verbose: { type: "boolean", short: "v" },
  json: { type: "boolean" },
} as const;

const MOST_CANDIDATES = 1000;

export async function route(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("route", args, OPTIONS);
  const [query, ...files] = positionals;
  const router = new Router(
    files.length > 0 ? await factsOf(files) : await factsOfStore(values.store),
  );
  const found = router.route(required("route", "QUERY", query), {
    k: wholeNumber("route", "-k", values.k ?? "3", 0, MOST_CANDIDATES),
    threshold: fraction(values.threshold ?? "0.5"),
    capabilities: values.capability ?? [],
  });
  const style = styleFor(terminal.stdout, terminal.env);
  const text = values.json
    ? toJsonText(found, 2)
    : routePage(found, values.verbose === true, style);
  await write(terminal.stdout, `${text}\n`);
  return Exit.ok;
}

async function factsOfStore(where: string | undefined): Promise<ExpertFacts[]> {
  return [...(await (await openExpertStore(where)).list()).values()];
}

/** To be chosen is not to run: any signer will do, or none. */
async function factsOf(files: readonly string[]): Promise<ExpertFacts[]> {
  const policy = await policyToLook({}, "route");
  const facts: ExpertFacts[] = [];
  for (const file of files) {
    const expert = await open(file, { ...policy, kind: "expert" });
    try {
      facts.push(await expertFacts(expert));
    } finally {
      expert.dispose();
    }
  }
  return facts;
}

/** Throws UsageError. */
function fraction(value: string): number {
  if (/^(0(\.\d+)?|1(\.0+)?)$/.test(value)) return Number(value);
  throw new UsageError(`route: --threshold takes a number from 0 to 1, not '${value}'`, "route");
}
