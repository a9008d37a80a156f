// The revocation lists that were added, and what is remembered of releases.

import { AndonError, readRevocationList } from "./andon.js";
import { byId, el } from "./dom.js";
import { passage, short } from "./foreign.js";
import { day, plural } from "./format.js";
import type { KeptTrust } from "./kept-trust.js";

export interface Lists {
  count(): number;
  load(): Promise<void>;
  add(list: Uint8Array): Promise<void>;
}

async function item(list: Uint8Array): Promise<HTMLElement> {
  const { issuer, number, expires, entries } = await readRevocationList(list);
  const until = day(expires)?.text ?? String(expires);
  return el(
    "li",
    {},
    `Number ${number}, by `,
    el("code", { class: "key" }, short(issuer, 12)),
    `, ${plural(entries.length, "entry", "entries")}, to be renewed by ${until}`,
  );
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

export function revocationLists(kept: KeptTrust, onChange: () => void): Lists {
  const shown = byId("lists", HTMLElement);
  const none = byId("lists-none", HTMLElement);
  const problem = byId("lists-problem", HTMLElement);
  const forget = byId("forget", HTMLButtonElement);
  let known: readonly Uint8Array[] = [];

  async function load(): Promise<void> {
    known = await (await kept.store()).lists();
    shown.replaceChildren(...(await Promise.all(known.map(item))));
    none.hidden = known.length > 0;
  }
  async function add(list: Uint8Array): Promise<void> {
    problem.replaceChildren();
    if (known.some((other) => equal(other, list))) return;
    try {
      await (await kept.store()).addList(list);
    } catch (error) {
      if (!(error instanceof AndonError)) throw error;
      problem.replaceChildren(`${error.code}: `, passage(error.message));
      return;
    }
    await load();
    onChange();
  }
  async function forgetAll(): Promise<void> {
    await kept.forget();
    await load();
    onChange();
  }
  forget.addEventListener("click", () => void forgetAll());
  return { count: () => known.length, load, add };
}
