// Help for the verbs about keys and trust.

import { FORCE, JSON_OUTPUT, type Page } from "./help-page.js";

const STORE = ["--trust-store FILE", "the trust store; otherwise that of your account"] as const;

export const TRUST_PAGES = {
  keygen: {
    about: "Makes an Ed25519 key: a private file to sign with, a public one for those who verify.",
    usage: ["andon keygen [options]"],
    examples: [
      ["andon keygen", "makes key.pem and key.pub.pem"],
      ["andon keygen -o root.pem --passphrase", "encrypted; the passphrase is asked"],
    ],
    sections: [
      [
        "Options",
        [
          ["-o, --output FILE", "where to; otherwise key.pem. It is never replaced"],
          ["--passphrase", "encrypt it (AES-256) with one that is asked, or ANDON_PASSPHRASE"],
          JSON_OUTPUT,
        ],
      ],
    ],
  },
  cert: {
    about: "Certificates: who may sign which experts, and until when.",
    usage: [
      "andon cert issue [options] --issuer-key KEY -o FILE",
      "andon cert show [--json] FILE",
      "andon cert rotate [options] --from KEY --to KEY -o FILE",
    ],
    examples: [
      ["andon cert issue --role root --name Acme --issuer-key root.pem -o root.cert", "of itself"],
      [
        "andon cert issue --name Ada --key ada.pub.pem --issuer-key root.pem -o ada.chain",
        "of a signer",
      ],
      ["andon cert show ada.chain", "who vouches?"],
      ["andon cert rotate --from old.pem --to new.pem -o new.rotation", "hand over"],
    ],
    sections: [
      [
        "Options of cert issue",
        [
          ["--issuer-key FILE", "the private key that vouches"],
          ["--issuer-cert FILE", "its own certificates, which are put behind the new one"],
          ["--key KEY", "the public key that is vouched for; for a root left out"],
          ["--role ROLE", "root, ca or signer; otherwise signer"],
          ["--name NAME", "who holds that key"],
          ["--scope PATTERN", "names of experts it may sign, such as 'expert-acme-*'; otherwise *"],
          ["--not-before TIME", "ISO 8601 or Unix seconds; otherwise now"],
          [
            "--not-after TIME",
            "otherwise 365 days later, or when the issuer ends if that is sooner",
          ],
          ["--max-path N", "how many CAs may follow below; otherwise 1 for a root, 0 for a CA"],
        ],
      ],
      [
        "Options of cert rotate",
        [
          ["--from FILE", "the private key that gives way"],
          ["--to FILE", "the private key that takes its place"],
          ["--since TIME", "from when on; otherwise now"],
        ],
      ],
      ["Options of all", [["-o, --output FILE", "where to"], FORCE, JSON_OUTPUT]],
    ],
  },
  trust: {
    about: "The trust store: keys you trust, revocation lists, and releases accepted before.",
    usage: [
      "andon trust add [options] [NAME=]KEY...",
      "andon trust list [options]",
      "andon trust remove [options] KEY|NAME...",
      "andon trust forget [options] NAME...",
      "andon trust update [options] LIST...",
      "andon trust rotate [options] STATEMENT...",
    ],
    examples: [
      ["andon trust add Acme=acme.pub.pem --scope 'expert-acme-*'", "a key, for some names"],
      ["andon trust add acme-root.cert", "a root by its certificate"],
      ["andon trust list", "whom do I trust?"],
      ["andon trust update acme.crl", "take in a revocation list"],
      ["andon trust rotate new.rotation", "a key hands over to its successor"],
      ["andon trust remove Acme", "no longer"],
      ["andon trust forget expert-acme-sql", "let an older release of it pass again"],
    ],
    sections: [
      [
        "Options",
        [["--scope PATTERN", "with add: only for experts of these names"], STORE, JSON_OUTPUT],
      ],
    ],
  },
  revoke: {
    about: "Makes a revocation list, or adds to one and renews it: what no longer counts.",
    usage: ["andon revoke [options] --sign-key KEY LIST", "andon revoke show [--json] LIST"],
    examples: [
      ["andon revoke acme.crl --cert ada.chain --sign-key root.pem", "a certificate"],
      ["andon revoke acme.crl --file bad.expert --sign-key root.pem", "one file"],
      ["andon revoke acme.crl --sign-key root.pem", "nothing new, valid for another week"],
      ["andon revoke show acme.crl", "what does it say?"],
    ],
    sections: [
      [
        "Options",
        [
          ["--sign-key FILE", "the private key that speaks; of a root or CA"],
          ["--cert FILE", "revoke the first certificate of this file; may be repeated"],
          ["--key KEY", "revoke this public key; may be repeated"],
          ["--file FILE", "revoke this expert, whoever signed it; may be repeated"],
          ["--reason REASON", "unspecified, key-compromise, superseded, withdrawn or malicious"],
          ["--from TIME", "from when on it does not count; otherwise now"],
          ["--days N", "how long the list is valid, at most 7; otherwise 7"],
          ["-o, --output FILE", "where to; otherwise LIST itself"],
          JSON_OUTPUT,
        ],
      ],
    ],
  },
} satisfies Record<string, Page>;
