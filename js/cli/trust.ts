// andon trust add | list | remove | forget | update | rotate

import { openTrustStore, type StoredKey, type TrustStore } from "../index.js";
import { noOperands, operandList, parseVerb, subVerbs } from "./arguments.js";
import { CliError, Exit } from "./errors.js";
import { readWhole } from "./input.js";
import { base64Of, namedKey } from "./public-key.js";
import { styleFor, type Terminal, write } from "./terminal.js";
import { toJsonText } from "./text.js";
import { readTrust, trustPage } from "./trust-page.js";

const OPTIONS = {
  "trust-store": { type: "string" },
  json: { type: "boolean" },
} as const;
const ADD_OPTIONS = { ...OPTIONS, scope: { type: "string" } } as const;

export const trust = subVerbs("trust", { add, list, remove, forget, update, rotate });

async function add(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("trust add", args, ADD_OPTIONS);
  const keys = operandList("trust add", positionals, "KEY");
  const store = await openTrustStore(values["trust-store"]);
  for (const argument of keys) {
    const { scope = "*", ...key } = await namedKey(argument);
    await store.addKey({ ...key, scope: values.scope ?? scope });
  }
  return present(store, values.json, terminal);
}

async function list(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("trust list", args, OPTIONS);
  noOperands("trust list", positionals);
  return present(await openTrustStore(values["trust-store"]), values.json, terminal);
}

async function remove(args: readonly string[], terminal: Terminal): Promise<number> {
  return change("remove", "KEY", args, terminal, async (store, argument) => {
    for (const key of await keysCalled(argument, store)) await store.removeKey(key);
  });
}

async function forget(args: readonly string[], terminal: Terminal): Promise<number> {
  return change("forget", "NAME", args, terminal, async (store, name) => {
    if ((await store.remembered(name)) !== undefined) return store.forget(name);
    throw new CliError("InvalidArgument", `no release of '${name}' was accepted`);
  });
}

async function update(args: readonly string[], terminal: Terminal): Promise<number> {
  return change("update", "LIST", args, terminal, async (store, path) => {
    await store.addList(await readWhole(path));
  });
}

async function rotate(args: readonly string[], terminal: Terminal): Promise<number> {
  return change("rotate", "STATEMENT", args, terminal, async (store, path) => {
    await store.rotate(await readWhole(path));
  });
}

/** Does something with each operand, then shows what the store holds. */
async function change(
  word: string,
  operand: string,
  args: readonly string[],
  terminal: Terminal,
  act: (store: TrustStore, argument: string) => Promise<void>,
): Promise<number> {
  const verb = `trust ${word}`;
  const { values, positionals } = parseVerb(verb, args, OPTIONS);
  const given = operandList(verb, positionals, operand);
  const store = await openTrustStore(values["trust-store"]);
  for (const argument of given) await act(store, argument);
  return present(store, values.json, terminal);
}

/** All keys of a name; otherwise the one that the argument is, or that is in a file. */
async function keysCalled(argument: string, store: TrustStore): Promise<string[]> {
  const named = (await store.keys()).filter(({ name }) => name === argument);
  return named.length > 0 ? named.map(keyOf) : [base64Of(await namedKey(argument))];
}

function keyOf({ key }: StoredKey): string {
  return key;
}

async function present(
  store: TrustStore,
  json: boolean | undefined,
  terminal: Terminal,
): Promise<number> {
  const held = await readTrust(store);
  const style = styleFor(terminal.stdout, terminal.env);
  await write(terminal.stdout, `${json ? toJsonText(held, 2) : trustPage(held, style)}\n`);
  return Exit.ok;
}
