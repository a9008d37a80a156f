// The command, as a function of its arguments and its terminal.

import { type Action, asksForHelp } from "./arguments.js";
import { bench } from "./bench.js";
import { cert } from "./cert.js";
import { chat } from "./chat.js";
import { convert } from "./convert.js";
import { Exit, exitCode, UsageError } from "./errors.js";
import { experts } from "./experts.js";
import { failureText } from "./failure.js";
import { generate } from "./generate.js";
import { isVerb, mainHelp, type Verb, verbHelp } from "./help.js";
import { inspect } from "./inspect.js";
import { keygen } from "./keygen.js";
import { osd } from "./osd.js";
import { pack } from "./pack.js";
import { predict } from "./predict.js";
import { revoke } from "./revoke.js";
import { route } from "./route.js";
import { sign } from "./sign.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { tokenize } from "./tokenize.js";
import { trust } from "./trust.js";
import { verify } from "./verify.js";
import { version } from "./version.js";

const VERBS: Readonly<Record<Verb, Action>> = {
  inspect,
  verify,
  predict,
  chat,
  generate,
  tokenize,
  bench,
  experts,
  route,
  pack,
  convert,
  osd,
  sign,
  keygen,
  cert,
  trust,
  revoke,
};

/** Does what `args` say; returns the exit code. Throws only what no part of it foresaw. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    const style = styleFor(terminal.stderr, terminal.env);
    await write(terminal.stderr, failureText(error, args.includes("--json"), style));
    return exitCode(error);
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [word = "help", ...rest] = args;
  if (word === "--version" || word === "-v") return say(`${version()}\n`, terminal);
  if (word === "help" || word === "--help" || word === "-h") return help(rest[0], terminal);
  if (!isVerb(word)) throw new UsageError(`'${word}' is none of ${Object.keys(VERBS).join(", ")}`);
  if (asksForHelp(rest)) return help(word, terminal);
  return VERBS[word](rest, terminal);
}

async function help(verb: string | undefined, terminal: Terminal): Promise<number> {
  const style = styleFor(terminal.stdout, terminal.env);
  if (verb === undefined) return say(mainHelp(version(), style), terminal);
  if (!isVerb(verb)) throw new UsageError(`there is no help for '${verb}'`);
  return say(verbHelp(verb, style), terminal);
}

async function say(text: string, terminal: Terminal): Promise<number> {
  await write(terminal.stdout, text);
  return Exit.ok;
}
