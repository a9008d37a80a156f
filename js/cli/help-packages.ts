// Help for the verbs that read and make packages.

import { type Entry, FORCE, JSON_OUTPUT, type Page, POLICY, SIGNING, TRUST } from "./help-page.js";

const VERSION: readonly Entry[] = [
  ["--format 1|2", "the version to write; otherwise 2"],
  ["--compression-level N", "of zstd, 1 to 19; otherwise 9"],
];

const METADATA: readonly Entry[] = [
  ["--name NAME", "expert-...; otherwise the folder's metadata says it"],
  ["--release-version VERSION", "a semantic version"],
  ["--release-counter N", "grows with every release, so that going back is noticed"],
  ["--description TEXT", "what the expert is for"],
  ["--author TEXT", "who made it"],
  ["--license TEXT", "such as Apache-2.0"],
  ["--metadata FILE", "JSON whose members complete or replace those of the folder"],
];

export const PACKAGE_PAGES = {
  inspect: {
    about: "Verifies a model or expert and shows what it is, who signed it and how it was made.",
    usage: ["andon inspect [options] FILE"],
    examples: [
      ["andon inspect iris.aprender", "one page for people"],
      ["andon inspect --json sql.expert", "everything, for programs"],
      ["andon inspect --trust acme.pem sql.expert", "is it signed by Acme?"],
      ["andon inspect --list-sections sql.expert", "what takes the room?"],
    ],
    sections: [
      [
        "Options",
        [
          ...TRUST,
          ["--list-sections", "of an expert: one line a section"],
          ["--dump-metadata", "of an expert: its metadata as JSON"],
          ["--dump-signature DIR", "of an expert: message, signature and key, for openssl"],
          JSON_OUTPUT,
        ],
      ],
    ],
  },
  verify: {
    about: "Checks each file, its signature and its signer. The exit code says the verdict.",
    usage: ["andon verify [options] FILE..."],
    examples: [
      ["andon verify iris.aprender", "intact?"],
      ["andon verify --trust acme.pem sql.expert && echo safe", "intact and from Acme?"],
      ["andon verify --verify-integrity sql.expert", "every byte, every value"],
      ["andon verify --json *.expert", "one line of JSON a file"],
    ],
    sections: [
      [
        "Options",
        [
          ...POLICY,
          ["--verify-integrity", "of experts: read every byte, decode every section"],
          ["--base-config FILE", "config.json of the base model that the expert has to fit"],
          ["--json", "one line of JSON a file"],
        ],
      ],
      [
        "Exit codes, of several files the worst",
        [
          ["0", "accepted; the trust store remembers the release"],
          ["2", "rejected: damaged, malformed, or the signature does not match"],
          ["3", "refused: unsigned, signed by nobody you trust, expired, revoked, or older"],
          ["", "than what was accepted before"],
          ["1", "the file could not be read"],
        ],
      ],
    ],
  },
  predict: {
    about: "Verifies a model, then predicts rows: from a file or standard input, in any number.",
    usage: ["andon predict [options] MODEL [INPUT]"],
    examples: [
      ["andon predict iris.aprender flowers.csv", "predictions on the terminal"],
      ["andon predict iris.aprender flowers.csv -o out.jsonl", "in a file, as JSON Lines"],
      ["andon predict --proba --keep-columns iris.aprender flowers.csv", "beside the input"],
      ["zcat big.csv.gz | andon predict iris.aprender > out.csv", "as a stream"],
    ],
    sections: [
      [
        "Options",
        [
          ["-o, --output FILE", "write there; the file appears when it is complete"],
          ["--input-format FORMAT", "csv, json or jsonl; otherwise the name of INPUT says it"],
          ["--output-format FORMAT", "likewise; otherwise that of --output, then of the input"],
          ["--proba", "add the probability of every class"],
          ["--keep-columns", "put the columns of the input before the prediction"],
          ["-q, --quiet", "show no verdict and no progress"],
          ...POLICY,
          ["--json", "print errors as JSON"],
        ],
      ],
      [
        "Rows",
        [
          ["csv", "a header names the features, in any order; a blank cell is a missing value"],
          ["json", "an array of objects, or of arrays in the order of the features"],
          ["jsonl", "one such object or array a line"],
        ],
      ],
    ],
  },
  pack: {
    about: "Makes a package: an expert from a PEFT folder, a model from a description.",
    usage: ["andon pack [options] FOLDER", "andon pack [options] DESCRIPTION"],
    examples: [
      ["andon pack sql-adapter --sign-key key.pem --cert key.chain", "makes sql-adapter.expert"],
      ["andon pack sql-adapter --format 1", "of version 1"],
      ["andon pack iris.json --sign-key key.pem", "makes iris.aprender"],
      ["andon pack iris.json --weights iris.safetensors -o out.aprender", "weights from a file"],
    ],
    sections: [
      [
        "Options",
        [
          ["-o, --output FILE", "where to; otherwise beside FOLDER or DESCRIPTION"],
          ...SIGNING,
          FORCE,
          JSON_OUTPUT,
        ],
      ],
      [
        "Options of experts",
        [...VERSION, ["--dtype f32|f16|bf16", "convert the values of the adapter"], ...METADATA],
      ],
      [
        "Options of models",
        [
          ["--weights FILE", "safetensors; otherwise the description holds the weights"],
          ["--attach NAME=FILE", "a further file of the package; may be repeated"],
        ],
      ],
    ],
  },
  convert: {
    about: "Writes an expert in the other version of the format; every file in it is kept.",
    usage: ["andon convert [options] FILE", "andon convert [options] FOLDER -o FOLDER"],
    examples: [
      ["andon convert old.expert -o new.expert --sign-key key.pem", "version 1 to 2"],
      ["andon convert new.expert -o old.expert --format 1", "and back"],
      ["andon convert experts/ -o converted/", "every expert of a folder"],
    ],
    sections: [
      [
        "Options",
        [
          ["-o, --output PATH", "where to; otherwise FILE.v2.expert or FILE.v1.expert beside it"],
          ...VERSION,
          ...SIGNING,
          FORCE,
          JSON_OUTPUT,
        ],
      ],
    ],
  },
  osd: {
    about: "Compresses what fine-tuning changed into an OSD expert of a given size.",
    usage: [
      "andon osd [options] FOLDER|FILE.expert",
      "andon osd [options] BASE TUNED --name NAME --release-version VERSION",
    ],
    examples: [
      ["andon osd sql-adapter --rank 4", "makes sql-adapter.osd.expert"],
      ["andon osd sql.expert --rank 4 --grid", "with the best of twenty settings"],
      ["andon osd base tuned --with extra -o sql.expert", "from two models, and further files"],
      ["andon osd base tuned --importance loss.safetensors", "guided by gradients"],
    ],
    sections: [
      [
        "Options",
        [
          ["-o, --output FILE", "where to; otherwise beside the source, as NAME.osd.expert"],
          ["--rank R", "the budget: the size of a LoRA of this rank; otherwise 8"],
          ["--size stored|memory", "compressed as in the package, or in memory; otherwise stored"],
          ["--relaxed-rank K", "singular vectors that compete for it; otherwise 2 R"],
          ["--sparsity D", "share of the update's entries in a residual; otherwise 0"],
          ["--blend A", "weight of the residual, between 0 and 1; otherwise 0.5"],
          ["--sparse-format csr|csc", "how the residual lies; otherwise csr"],
          ["--grid", "try pairs of relaxed rank and sparsity, take the smallest error"],
          ["--ranks K,K,...", "of the grid; otherwise 8,12,16,24"],
          ["--sparsities D,D,...", "of the grid; otherwise 0,0.01,0.05,0.1,0.2"],
          [
            "--importance FILE",
            "gradients by the weights, safetensors; otherwise magnitudes count",
          ],
          ["--with FOLDER", "with BASE and TUNED: expert.json, grammar.gbnf and other files"],
          ["--dtype f32|f16|bf16", "of the values; otherwise f16"],
          ["--compression-level N", "of zstd, 1 to 19; otherwise 19"],
          ...SIGNING,
          FORCE,
          JSON_OUTPUT,
        ],
      ],
      ["Metadata", METADATA],
    ],
  },
  sign: {
    about: "Puts a signature on an expert, in place of one that it may have.",
    usage: ["andon sign [options] --sign-key KEY FILE"],
    examples: [
      ["andon sign --sign-key key.pem sql.expert", "in place"],
      ["andon sign --sign-key key.pem --cert key.chain sql.expert", "with certificates"],
      ["andon sign --sign-key key.pem sql.expert -o signed.expert", "as another file"],
    ],
    sections: [
      [
        "Options",
        [
          [
            "-o, --output FILE",
            "where to; otherwise FILE is replaced once the new one is complete",
          ],
          ...SIGNING,
          FORCE,
          JSON_OUTPUT,
        ],
      ],
    ],
  },
} satisfies Record<string, Page>;
