// andon sign FILE

import { operands, parseVerb, required } from "./arguments.js";
import { Exit } from "./errors.js";
import { SIGN_OPTIONS, signingFrom } from "./expert-options.js";
import { printPacked } from "./expert-report.js";
import { runTask } from "./expert-task.js";
import { requireFree } from "./output.js";
import type { Terminal } from "./terminal.js";

const OPTIONS = {
  ...SIGN_OPTIONS,
  output: { type: "string", short: "o" },
  force: { type: "boolean", short: "f" },
  json: { type: "boolean" },
} as const;

export async function sign(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("sign", args, OPTIONS);
  const [file] = operands("sign", positionals, "FILE");
  required("sign", "--sign-key", values["sign-key"]);
  const path = values.output ?? file;
  if (values.output !== undefined && values.force !== true) await requireFree(path);
  const { options, signer } = await signingFrom(values, terminal, "sign");
  const report = await runTask({ verb: "sign", file, options }, path, terminal);
  await printPacked({ file: path, report, signer }, values.json, terminal);
  return Exit.ok;
}
