// The help pages: examples first, then what there is to say.

import type { Style } from "./terminal.js";
import { align } from "./text.js";

type Entry = readonly [term: string, says: string];
type Section = readonly [title: string, entries: readonly Entry[]];

interface Page {
  about: string;
  usage: string;
  examples: readonly Entry[];
  sections: readonly Section[];
}

const TRUST: readonly Entry[] = [
  [
    "--trust [NAME=]KEY",
    "a public key that you trust, as a PEM file or in base64; may be repeated",
  ],
];

const POLICY: readonly Entry[] = [
  ...TRUST,
  ["--allow-unsigned", "with --trust: let unsigned files pass as well"],
  ["--allow-unknown-signer", "with --trust: let other signers pass as well"],
];

const PAGES = {
  inspect: {
    about: "Verifies a model and shows what it is, who signed it and how it was made.",
    usage: "andon inspect [options] FILE",
    examples: [
      ["andon inspect iris.aprender", "one page for people"],
      ["andon inspect --json iris.aprender", "everything, for programs"],
      ["andon inspect --trust acme.pem iris.aprender", "is it signed by Acme?"],
    ],
    sections: [["Options", [...TRUST, ["--json", "print JSON, errors as well"]]]],
  },
  verify: {
    about: "Checks every byte of each file and its signature. The exit code says the verdict.",
    usage: "andon verify [options] FILE...",
    examples: [
      ["andon verify iris.aprender", "intact?"],
      ["andon verify --trust acme.pem iris.aprender && echo safe", "intact and from Acme?"],
      ["andon verify --json *.aprender", "one line of JSON a file"],
    ],
    sections: [
      ["Options", [...POLICY, ["--json", "one line of JSON a file"]]],
      [
        "Exit codes, of several files the worst",
        [
          ["0", "accepted"],
          ["2", "rejected: damaged, malformed, or the signature does not match"],
          ["3", "refused: unsigned, or signed by nobody that --trust names"],
          ["1", "the file could not be read"],
        ],
      ],
    ],
  },
  predict: {
    about: "Verifies a model, then predicts rows: from a file or standard input, in any number.",
    usage: "andon predict [options] MODEL [INPUT]",
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
    about: "Makes a package from a description, and signs it where a key is given.",
    usage: "andon pack [options] DESCRIPTION",
    examples: [
      ["andon pack iris.json", "makes iris.aprender"],
      ["andon pack iris.json --weights iris.safetensors -o out.aprender", "weights from a file"],
      ["andon pack iris.json --sign-key key.pem", "signed with Ed25519"],
      ["openssl genpkey -algorithm ed25519 -out key.pem", "makes such a key"],
      ["openssl pkey -in key.pem -pubout -out public.pem", "what --trust takes"],
    ],
    sections: [
      [
        "Options",
        [
          ["-o, --output FILE", "where to; otherwise beside the description"],
          ["--weights FILE", "safetensors; otherwise the description holds the weights"],
          ["--attach NAME=FILE", "a further file of the package; may be repeated"],
          ["--sign-key FILE", "a private key in PEM; its passphrase is asked, or ANDON_PASSPHRASE"],
          ["-f, --force", "replace a file that exists"],
          ["--json", "print JSON, errors as well"],
        ],
      ],
    ],
  },
} satisfies Record<string, Page>;

export type Verb = keyof typeof PAGES;

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(PAGES, word);
}

export function verbHelp(verb: Verb, style: Style): string {
  const page: Page = PAGES[verb];
  return render([
    [style.bold(page.about)],
    examples(page.examples, style),
    [`${style.bold("Usage")}  ${page.usage}`],
    ...page.sections.map((section) => entries(section, style)),
  ]);
}

export function mainHelp(version: string, style: Style): string {
  return render([
    [`${style.bold(`andon ${version}`)}  models, verified and then run, on your own machine`],
    examples(
      [
        ["andon inspect iris.aprender", "what is it, and who made it?"],
        ["andon verify --trust acme.pem iris.aprender", "may it run?"],
        ["andon predict iris.aprender flowers.csv", "a prediction for every row"],
        ["andon pack iris.json --sign-key key.pem", "make a package, and sign it"],
      ],
      style,
    ),
    entries(
      [
        "Exit codes",
        [
          ["0", "done, accepted"],
          ["1", "wrong use, or a file that cannot be read or written"],
          ["2", "the model is rejected: damaged, malformed, or its signature does not match"],
          ["3", "the model is refused: unsigned, or signed by nobody you trust"],
          ["4", "a row to predict is wrong; the message says its line"],
        ],
      ],
      style,
    ),
    ["andon help VERB shows the options of a verb. Nothing is ever sent anywhere."],
  ]);
}

function examples(lines: readonly Entry[], style: Style): string[] {
  return align(lines.map(([command, says]) => [command, says])).map((line, i) => {
    const [command = "", says = ""] = lines[i] ?? [];
    const gap = line.slice(command.length, line.length - says.length);
    return `  ${style.cyan(command)}${gap}${style.dim(says)}`;
  });
}

function entries([title, list]: Section, style: Style): string[] {
  return [style.bold(title), ...align(list).map((line) => `  ${line}`)];
}

function render(blocks: readonly (readonly string[])[]): string {
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}
