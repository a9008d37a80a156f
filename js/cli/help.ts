// The help pages: examples first, then what there is to say.

import { EXPERT_PAGES } from "./help-experts.js";
import { LANGUAGE_PAGES } from "./help-language.js";
import { PACKAGE_PAGES } from "./help-packages.js";
import type { Entry, Page, Section } from "./help-page.js";
import { TRUST_PAGES } from "./help-trust.js";
import type { Style } from "./terminal.js";
import { align } from "./text.js";

const PAGES = { ...PACKAGE_PAGES, ...LANGUAGE_PAGES, ...EXPERT_PAGES, ...TRUST_PAGES };

export type Verb = keyof typeof PAGES;

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(PAGES, word);
}

export function verbHelp(verb: Verb, style: Style): string {
  const page: Page = PAGES[verb];
  return render([
    [style.bold(page.about)],
    examples(page.examples, style),
    usage(page, style),
    ...page.sections.map((section) => entries(section, style)),
  ]);
}

export function mainHelp(version: string, style: Style): string {
  return render([
    [`${style.bold(`andon ${version}`)}  models, verified and then run, on your own machine`],
    examples(
      [
        ["andon inspect sql.expert", "what is it, and who made it?"],
        ["andon verify --trust acme.pem iris.aprender", "may it run?"],
        ["andon predict iris.aprender flowers.csv", "a prediction for every row"],
        ["andon chat qwen3-0.6b.gguf", "talk with a language model"],
        ["andon generate stories.gguf 'Once upon a time'", "go on with a text"],
        ["andon tokenize qwen3-0.6b.gguf 'Hello'", "show its tokens"],
        ["andon bench qwen3-0.6b.gguf", "how fast is it here?"],
        ["andon experts install sql.expert", "keep an expert at hand"],
        ["andon route 'How many orders?'", "which expert is this for?"],
        ["andon pack sql-adapter --sign-key key.pem", "make a package, and sign it"],
        ["andon convert old.expert -o new.expert", "bring it to the newer format"],
        ["andon osd sql-adapter --rank 4", "the same skill in fewer bytes"],
        ["andon sign --sign-key key.pem sql.expert", "sign what is packed already"],
        ["andon keygen -o key.pem", "make a key"],
        ["andon cert issue --help", "say who may sign what, and until when"],
        ["andon trust add acme-root.cert", "trust a publisher from now on"],
        ["andon revoke acme.crl --help", "say what no longer counts"],
      ],
      style,
    ),
    entries(
      [
        "Exit codes",
        [
          ["0", "done, accepted"],
          ["1", "wrong use, or a file that cannot be read or written"],
          ["2", "the file is rejected: damaged, malformed, or its signature does not match"],
          ["3", "the file is refused: unsigned, signed by nobody you trust, expired, revoked,"],
          ["", "or older than what was accepted before"],
          ["4", "a row to predict is wrong; the message says its line"],
        ],
      ],
      style,
    ),
    ["andon help VERB shows the options of a verb. Nothing is ever sent anywhere."],
  ]);
}

function usage({ usage: forms }: Page, style: Style): string[] {
  return forms.map((form, i) => `${i === 0 ? style.bold("Usage") : "     "}  ${form}`);
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
