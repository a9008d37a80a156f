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

/** Options that say whom to trust. */
export const TRUST: readonly Entry[] = [
  ["--trust [NAME=]KEY", "trust this public key (PEM or base64) instead of those of the store;"],
  ["", "may be repeated"],
  [
    "--trust-store FILE",
    "the trust store, or none; otherwise that of trust add, where there is one",
  ],
  ["--revocation-list FILE", "a revocation list that counts as well; may be repeated"],
  ["--time TIME", "judge as of then: ISO 8601 or Unix seconds"],
];

/** The same for files that are to run. */
export const POLICY: readonly Entry[] = [
  ...TRUST,
  ["--allow-unsigned", "where keys are trusted: let unsigned files pass as well"],
  ["--allow-unknown-signer", "where keys are trusted: let other signers pass as well"],
  ["--require-fresh-lists", "refuse where a revocation list is past its end"],
];
