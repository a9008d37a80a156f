// andon revoke LIST, andon revoke show LIST

import {
  issueRevocationList,
  readCertificates,
  readRevocationList,
  type RevocationEntry,
  type RevocationListDescription,
} from "../index.js";
import { oneOf, operands, parseVerb, required, wholeNumber } from "./arguments.js";
import { CliError, Exit, UsageError } from "./errors.js";
import { fileDigest } from "./expert-head.js";
import { readWhole } from "./input.js";
import { saveWhole, statOrNothing } from "./output.js";
import { readPrivateKey } from "./private-key.js";
import { base64Of, namedKey } from "./public-key.js";
import { revocationPage } from "./revocation-page.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { toJsonText } from "./text.js";
import { DAY_SECONDS, nowSeconds, parseTime } from "./time.js";

const OPTIONS = {
  output: { type: "string", short: "o" },
  "sign-key": { type: "string" },
  cert: { type: "string", multiple: true },
  key: { type: "string", multiple: true },
  file: { type: "string", multiple: true },
  reason: { type: "string", default: "unspecified" },
  from: { type: "string" },
  days: { type: "string", default: "7" },
  json: { type: "boolean" },
} as const;

const REASONS = ["unspecified", "key-compromise", "superseded", "withdrawn", "malicious"] as const;

const MOST_DAYS = 7;

export async function revoke(args: readonly string[], terminal: Terminal): Promise<number> {
  return args[0] === "show" ? show(args.slice(1), terminal) : extend(args, terminal);
}

async function extend(args: readonly string[], terminal: Terminal): Promise<number> {
  const verb = "revoke";
  const { values, positionals } = parseVerb(verb, args, OPTIONS);
  const [path] = operands(verb, positionals, "LIST");
  const keyFile = required(verb, "--sign-key", values["sign-key"]);
  const days = wholeNumber(verb, "--days", values.days, 1, MOST_DAYS);
  const added = await revocations(values, verb);
  const old = await readOld(path);
  if (old === undefined && added.length === 0) {
    throw new UsageError(`${verb}: '${path}' does not exist, and nothing is revoked`, verb);
  }
  const issuer = await readPrivateKey(keyFile, terminal, verb);
  if (old !== undefined && old.issuer !== issuer.publicKey) {
    const message = `'${path}' was issued by another key, ${old.issuer}`;
    throw new CliError("KeyMalformed", message);
  }
  const issued = nowSeconds();
  const bytes = await issueRevocationList(
    {
      number: (old?.number ?? 0) + 1,
      issued,
      expires: issued + days * DAY_SECONDS,
      entries: merged(old?.entries ?? [], added),
    },
    issuer.seed,
  );
  const file = values.output ?? path;
  await saveWhole(file, bytes);
  return present(file, await readRevocationList(bytes), values.json, terminal);
}

async function show(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("revoke show", args, { json: { type: "boolean" } });
  const [file] = operands("revoke show", positionals, "LIST");
  return present(file, await readRevocationList(await readWhole(file)), values.json, terminal);
}

interface Targets {
  cert?: string[];
  key?: string[];
  file?: string[];
  reason: string;
  from?: string;
}

async function revocations(targets: Targets, verb: string): Promise<RevocationEntry[]> {
  const reason = oneOf(verb, "--reason", targets.reason, REASONS);
  const { from } = targets;
  const revokedFrom = from === undefined ? nowSeconds() : parseTime("--from", from, verb);
  const each = (ids: readonly string[], kind: RevocationEntry["kind"]): RevocationEntry[] =>
    ids.map((id) => ({ kind, id, reason, revokedFrom }));
  return [
    ...each(await all(targets.cert, serialOf), "serial"),
    ...each(await all(targets.key, async (key) => base64Of(await namedKey(key))), "key"),
    ...each(await all(targets.file, fileDigest), "file"),
  ];
}

async function all(
  given: readonly string[] | undefined,
  id: (argument: string) => Promise<string>,
): Promise<string[]> {
  return Promise.all((given ?? []).map(id));
}

/** Of the first certificate, which is the one that the file is about. */
async function serialOf(path: string): Promise<string> {
  const [leaf] = await readCertificates(await readWhole(path));
  return leaf?.serial ?? "";
}

/** What is revoked twice counts as said last. */
function merged(
  old: readonly RevocationEntry[],
  added: readonly RevocationEntry[],
): RevocationEntry[] {
  const same = (a: RevocationEntry, b: RevocationEntry): boolean =>
    a.kind === b.kind && a.id === b.id;
  return [...old.filter((entry) => !added.some((other) => same(entry, other))), ...added];
}

async function readOld(path: string): Promise<RevocationListDescription | undefined> {
  if ((await statOrNothing(path)) === undefined) return undefined;
  return readRevocationList(await readWhole(path));
}

async function present(
  file: string,
  list: RevocationListDescription,
  json: boolean | undefined,
  terminal: Terminal,
): Promise<number> {
  const style = styleFor(terminal.stdout, terminal.env);
  const text = json ? toJsonText({ file, ...list }, 2) : revocationPage(file, list, style);
  await write(terminal.stdout, `${text}\n`);
  return Exit.ok;
}
