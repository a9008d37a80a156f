// Passphrases of private keys: from the environment, or typed on a terminal that does not show them.

import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { UsageError } from "./errors.js";
import type { Terminal } from "./terminal.js";

const VARIABLE = "ANDON_PASSPHRASE";

/** Of a key that exists. Throws UsageError where nobody can be asked. */
export async function passphraseOf(
  path: string,
  terminal: Terminal,
  verb: string,
): Promise<string> {
  return given(terminal, `the key '${path}' has a passphrase`, verb) ?? ask(path, terminal, verb);
}

/** Of a key that is being made; typed twice. Throws UsageError. */
export async function newPassphrase(
  path: string,
  terminal: Terminal,
  verb: string,
): Promise<string> {
  const first =
    given(terminal, "--passphrase needs one", verb) ?? (await ask(path, terminal, verb));
  if (first === "") throw new UsageError(`${verb}: the passphrase is empty`, verb);
  if (terminal.env[VARIABLE] !== undefined) return first;
  if ((await ask(`${path}, again`, terminal, verb)) === first) return first;
  throw new UsageError(`${verb}: the two passphrases differ`, verb);
}

function given({ env, stdin, stderr }: Terminal, why: string, verb: string): string | undefined {
  const set = env[VARIABLE];
  if (set !== undefined || (stdin.isTTY === true && stderr.isTTY === true)) return set;
  throw new UsageError(`${verb}: ${why}; set ${VARIABLE}, or run this in a terminal`, verb);
}

async function ask(of: string, { stdin, stderr }: Terminal, verb: string): Promise<string> {
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  stderr.write(`Passphrase of ${of}: `);
  const lines = createInterface({ input: stdin, output: silent, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      lines.once("line", resolve).once("close", () => {
        reject(new UsageError(`${verb}: no passphrase was given`, verb));
      });
    });
  } finally {
    lines.close();
    stderr.write("\n");
  }
}
