// andon cert issue | show | rotate

import {
  type CertificateDescription,
  issueCertificate,
  readCertificates,
  rotateKey,
} from "../index.js";
import {
  noOperands,
  oneOf,
  operands,
  parseVerb,
  required,
  subVerbs,
  wholeNumber,
} from "./arguments.js";
import { certificatesPage } from "./certificate-page.js";
import { Exit } from "./errors.js";
import { facts } from "./facts.js";
import { readWhole } from "./input.js";
import { requireFree, saveWhole } from "./output.js";
import { readPrivateKey } from "./private-key.js";
import { namedKey } from "./public-key.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { shown, toJsonText } from "./text.js";
import { DAY_SECONDS, nowSeconds, parseTime, shownTime } from "./time.js";

const OUTPUT_OPTIONS = {
  output: { type: "string", short: "o" },
  force: { type: "boolean", short: "f" },
  json: { type: "boolean" },
} as const;

const ISSUE_OPTIONS = {
  ...OUTPUT_OPTIONS,
  "issuer-key": { type: "string" },
  "issuer-cert": { type: "string" },
  key: { type: "string" },
  role: { type: "string", default: "signer" },
  name: { type: "string" },
  scope: { type: "string", default: "*" },
  "not-before": { type: "string" },
  "not-after": { type: "string" },
  "max-path": { type: "string" },
} as const;

const ROTATE_OPTIONS = {
  ...OUTPUT_OPTIONS,
  from: { type: "string" },
  to: { type: "string" },
  since: { type: "string" },
} as const;

const ROLES = ["signer", "ca", "root"] as const;
type Role = (typeof ROLES)[number];

const DEFAULT_DAYS = 365;
/** A root may have one CA between itself and its signers, a CA none, unless told otherwise. */
const DEFAULT_PATH: Readonly<Record<Role, number>> = { root: 1, ca: 0, signer: 0 };
const LONGEST_PATH = 2; // of a chain of four

export const cert = subVerbs("cert", { issue, show, rotate });

async function issue(args: readonly string[], terminal: Terminal): Promise<number> {
  const verb = "cert issue";
  const { values, positionals } = parseVerb(verb, args, ISSUE_OPTIONS);
  noOperands(verb, positionals);
  const role = oneOf(verb, "--role", values.role, ROLES);
  const name = required(verb, "--name", values.name);
  const keyFile = required(verb, "--issuer-key", values["issuer-key"]);
  const file = required(verb, "--output", values.output);
  if (role !== "root") required(verb, "--key", values.key);
  if (values.force !== true) await requireFree(file);

  const above = await readAbove(values["issuer-cert"]);
  const issuer = await readPrivateKey(keyFile, terminal, verb);
  const own = await issueCertificate(
    {
      role,
      name,
      scope: values.scope,
      subject: values.key === undefined ? issuer.publicKey : (await namedKey(values.key)).key,
      ...period(values, above.chain[0], verb),
      maxPath: pathFrom(values["max-path"], role, verb),
    },
    issuer.seed,
  );
  const bytes = Buffer.concat([own, above.bytes]);
  const chain = await readCertificates(bytes);
  await saveWhole(file, bytes);
  const style = styleFor(terminal.stdout, terminal.env);
  const text = values.json
    ? toJsonText({ file, chain }, 2)
    : `${facts(file, [], style)}\n\n${certificatesPage(chain, style)}`;
  await write(terminal.stdout, `${text}\n`);
  return Exit.ok;
}

interface Chain {
  bytes: Uint8Array;
  chain: readonly CertificateDescription[];
}

async function readAbove(path: string | undefined): Promise<Chain> {
  if (path === undefined) return { bytes: new Uint8Array(), chain: [] };
  const bytes = await readWhole(path);
  return { bytes, chain: await readCertificates(bytes) };
}

interface Period {
  notBefore: number;
  notAfter: number;
}

/** A certificate cannot outlive that of its issuer. */
function period(
  values: { "not-before"?: string; "not-after"?: string },
  issuer: Period | undefined,
  verb: string,
): Period {
  const { "not-before": first, "not-after": last } = values;
  const notBefore = first === undefined ? nowSeconds() : parseTime("--not-before", first, verb);
  const latest = Math.min(notBefore + DEFAULT_DAYS * DAY_SECONDS, issuer?.notAfter ?? Infinity);
  const notAfter = last === undefined ? latest : parseTime("--not-after", last, verb);
  return { notBefore, notAfter };
}

function pathFrom(given: string | undefined, role: Role, verb: string): number {
  if (given === undefined) return DEFAULT_PATH[role];
  return wholeNumber(verb, "--max-path", given, 0, LONGEST_PATH);
}

async function show(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("cert show", args, { json: { type: "boolean" } });
  const [file] = operands("cert show", positionals, "FILE");
  const chain = await readCertificates(await readWhole(file));
  const style = styleFor(terminal.stdout, terminal.env);
  const text = values.json ? toJsonText({ file, chain }, 2) : certificatesPage(chain, style);
  await write(terminal.stdout, `${text}\n`);
  return Exit.ok;
}

async function rotate(args: readonly string[], terminal: Terminal): Promise<number> {
  const verb = "cert rotate";
  const { values, positionals } = parseVerb(verb, args, ROTATE_OPTIONS);
  noOperands(verb, positionals);
  const oldFile = required(verb, "--from", values.from);
  const newFile = required(verb, "--to", values.to);
  const file = required(verb, "--output", values.output);
  const since =
    values.since === undefined ? nowSeconds() : parseTime("--since", values.since, verb);
  if (values.force !== true) await requireFree(file);
  const from = await readPrivateKey(oldFile, terminal, verb);
  const to = await readPrivateKey(newFile, terminal, verb);
  await saveWhole(file, await rotateKey(from.seed, to.seed, since));
  const statement = { file, from: from.publicKey, to: to.publicKey, since };
  const style = styleFor(terminal.stdout, terminal.env);
  const list = [
    ["gives way", shown(statement.from)],
    ["takes over", shown(statement.to)],
    ["since", shownTime(since)],
  ] as const;
  const text = values.json ? toJsonText(statement) : facts(file, list, style);
  await write(terminal.stdout, `${text}\n`);
  return Exit.ok;
}
