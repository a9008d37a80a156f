// What a page of the help is made of.

export type Entry = readonly [term: string, says: string];
export type Section = readonly [title: string, entries: readonly Entry[]];

export interface Page {
  about: string;
  usage: readonly string[];
  examples: readonly Entry[];
  sections: readonly Section[];
}

export const JSON_OUTPUT: Entry = ["--json", "print JSON, errors as well"];
export const FORCE: Entry = ["-f, --force", "replace a file that exists"];

/** Options that sign. */
export const SIGNING: readonly Entry[] = [
  ["--sign-key FILE", "a private key, as keygen makes it; its passphrase is asked, or"],
  ["", "taken from ANDON_PASSPHRASE"],
  ["--cert FILE", "with an expert: the certificates of that key, as cert issue makes them"],
];
