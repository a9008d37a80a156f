// andon inspect FILE

import { open } from "../index.js";
import { operands, parseVerb } from "./arguments.js";
import { Exit } from "./errors.js";
import { modelPage } from "./model-page.js";
import { policyFrom, TRUST_OPTION } from "./policy.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { toJsonText } from "./text.js";

const OPTIONS = { ...TRUST_OPTION, json: { type: "boolean" } } as const;

/** To look at a model is not to run it: whoever signed it, or nobody, it is described. */
const ANY_SIGNER = { allowUnsigned: true, allowUnknownSigner: true };

export async function inspect(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("inspect", args, OPTIONS);
  const [file] = operands("inspect", positionals, "FILE");
  const model = await open(file, { ...(await policyFrom(values)), ...ANY_SIGNER });
  const { verdict, description } = model;
  model.dispose();
  const text = values.json
    ? toJsonText({ file, verdict, ...description }, 2)
    : modelPage(file, verdict, description, styleFor(terminal.stdout, terminal.env));
  await write(terminal.stdout, `${text}\n`);
  return Exit.ok;
}
