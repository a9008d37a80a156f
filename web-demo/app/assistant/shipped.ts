// The base and the experts that come with the page, whom it believes about them, and questions to begin with.

import { AndonError, memoryTrustStore, type TrustOptions } from "../andon.js";
import type { Trust } from "../trust.js";
import type { Source } from "../viewer.js";

/** A package of an expert, verified before anything else is done with it. */
export interface ExpertFile {
  name: string;
  content: Blob | URL;
}

/** What an assistant is made of. */
export interface Team {
  base: Source;
  experts: ExpertFile[];
}

const address = (name: string): URL => new URL(`../../examples/assistant/${name}`, import.meta.url);

const names = ["expert-sql", "expert-json", "expert-cypher", "tampered", "revoked"];

export function shippedTeam(): Team {
  const base = { name: "base.gguf", content: address("base.gguf"), hashes: address("base.sha256") };
  const experts = names.map((stem) => `${stem}.expert`);
  return { base, experts: experts.map((name) => ({ name, content: address(name) })) };
}

/**
 * All of it at once: parts could come one from the network and the next from the service worker, which begins to answer
 * while the page is open. Errors: SourceUnreadable.
 */
export async function wholeOf(content: Blob | URL): Promise<Blob> {
  if (content instanceof Blob) return content;
  const answer = await fetch(content).catch(() => undefined);
  if (answer?.ok === true) return answer.blob();
  throw new AndonError("SourceUnreadable", `assistant: ${content.pathname} could not be fetched`);
}

/**
 * What the page requires, where it requires a key; otherwise the root that comes with it is believed as well, and so is
 * that root's revocation list.
 *
 * Errors: SourceUnreadable.
 */
export async function trustOf(page: Trust): Promise<TrustOptions> {
  const policy = await page.policy();
  if (page.keys().length > 0) return policy;
  const [key, list] = await Promise.all([
    (await wholeOf(address("assistant-root.pub.pem"))).text(),
    (await wholeOf(address("revoked.crl"))).arrayBuffer(),
  ]);
  const store = memoryTrustStore();
  await store.addKey({ key, name: "the root that comes with this page", scope: "expert-*" });
  const own = await page.lists();
  return { ...policy, trust: store, revocationLists: [...own, new Uint8Array(list)] };
}

export const questions: readonly { title: string; text: string }[] = [
  {
    title: "SQL",
    text: "Table rivers: id, name, country, length\nList the name of rivers with length above 500.",
  },
  {
    title: "JSON",
    text: 'JSON {"name": text, "price": number, "available": boolean}\nNew book: name is Nova, price 30 and it is not available.',
  },
  {
    title: "Cypher",
    text: "Graph (:River {name,length})\nHow many rivers are there with length above 500?",
  },
  { title: "None of them", text: "Show me the colors of the houses." },
];
