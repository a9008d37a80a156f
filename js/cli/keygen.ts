// andon keygen

import { noOperands, parseVerb } from "./arguments.js";
import { Exit } from "./errors.js";
import { createNew } from "./output.js";
import { newPassphrase } from "./passphrase.js";
import { makeKey } from "./private-key.js";
import { facts } from "./facts.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { shown, toJsonText } from "./text.js";

const OPTIONS = {
  output: { type: "string", short: "o", default: "key.pem" },
  passphrase: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** Only their owner may read private keys; everybody else's business is the public one. */
const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644;

export async function keygen(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("keygen", args, OPTIONS);
  noOperands("keygen", positionals);
  const file = values.output;
  const publicFile = publicName(file);
  const secret = values.passphrase ? await newPassphrase(file, terminal, "keygen") : undefined;
  const key = makeKey(secret);
  await createNew([
    { path: file, data: key.privatePem, mode: PRIVATE_MODE },
    { path: publicFile, data: key.publicPem, mode: PUBLIC_MODE },
  ]);
  const { publicKey } = key;
  const style = styleFor(terminal.stdout, terminal.env);
  const made = [
    ["public key", `${shown(publicFile)}, for those who verify`],
    ["base64", publicKey],
  ] as const;
  const text = values.json
    ? toJsonText({ file, publicFile, publicKey })
    : facts(`${file}, to be kept secret`, made, style);
  await write(terminal.stdout, `${text}\n`);
  return Exit.ok;
}

/** "key.pem" has its public half in "key.pub.pem". */
function publicName(file: string): string {
  return `${file.replace(/(?<=[^/\\])\.pem$/, "")}.pub.pem`;
}
