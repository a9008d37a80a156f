// Help for the verbs that run language models.

import { type Entry, JSON_OUTPUT, type Page } from "./help-page.js";

const OPENING: readonly Entry[] = [
  ["--sha256 HEX", "what the file must have"],
  ["--manifest FILE", "lines of sha256sum; otherwise MODEL.sha256, where it is"],
  ["-t, --threads N", "otherwise one a processor, at most 8"],
  ["--exact", "activations in float32: slower, for comparisons"],
  ["--weight-type TYPE", "of safetensors: Q8_0 (default), Q4_0, F16, BF16 or F32"],
  ["--max-memory BYTES", "refuse a model whose weights need more"],
  ["--allow-unsigned", "where keys are trusted: language models have no signature"],
];

const WRITING: readonly Entry[] = [
  ["-n, --max-tokens N", "otherwise until the model ends, or the context is full"],
  ["-c, --context N", "tokens in all; otherwise the model's own, at most 4,096"],
  ["--cache-type f16|f32", "of keys and values; otherwise f16"],
  ["--temperature T", "0: always the most probable token"],
  ["--top-k N", "choose among so many"],
  ["--top-p P, --min-p P", "leave out what is improbable"],
  ["--repetition-penalty R", "above 1: fewer repetitions"],
  ["--seed N", "the same seed gives the same text; otherwise a random one"],
  ["--stop TEXT", "end before this text; may be repeated"],
];

const EXPERTS: readonly Entry[] = [
  ["--expert FILE", "attach this expert, or PEFT folder; may be repeated"],
  ["", "its grammar, soft prompt and decoding settings apply"],
  ["--trust FILE, --trust-store FILE", "who may have signed experts"],
  ["--any-base", "attach experts made for a model of another name"],
  ["--merge", "write experts into a copy of the weights first"],
  ["--grammar FILE", "GBNF, or a JSON Schema (.json), that the text has to satisfy"],
  ["--no-grammar", "not even that of an expert"],
];

export const LANGUAGE_PAGES = {
  chat: {
    about: "Talks with a language model, on your own machine.",
    usage: ["andon chat [options] MODEL"],
    examples: [
      ["andon chat qwen3-0.6b.gguf", "type, and read"],
      ["andon chat --system 'Answer in French.' model.gguf", "with an instruction"],
      ["andon chat model.gguf < questions.txt", "a turn for each line"],
      ["andon chat --expert sql.expert qwen3-0.6b.gguf", "answers as the expert does"],
      ["andon chat --route qwen3-0.6b.gguf", "the installed expert that fits answers"],
    ],
    sections: [
      [
        "While you chat",
        [
          ["Ctrl-C", "ends the answer; twice, or between answers, the chat"],
          ["/save FILE, /load FILE", "keep the chat, and go on with it"],
          ["/reset, /quit", "begin anew, leave"],
        ],
      ],
      [
        "Options",
        [
          ["--system TEXT", "said before everything else"],
          ["--template FILE", "a template of Jinja instead of the model's own"],
          ...WRITING,
          ["", "temperature is 0.7 here unless told otherwise, or experts are"],
          ...EXPERTS,
          ["--route", "the expert answers that a question is for, or the model alone;"],
          ["", "one of those of --expert, or of the installed ones"],
          ["--store DIR", "where these are; otherwise as in andon experts"],
          ...OPENING,
          ["-q, --quiet", "no numbers after an answer, and not who was chosen"],
          ["--json", "print errors as JSON"],
        ],
      ],
    ],
  },
  generate: {
    about: "Goes on with a text: from the command line, or from standard input.",
    usage: ["andon generate [options] MODEL [PROMPT]"],
    examples: [
      ["andon generate stories.gguf 'Once upon a time'", "to the end of the story"],
      ["andon generate -n 64 --temperature 0.8 --seed 1 m.gguf < in.txt", "64 tokens"],
      ["andon generate --json model.gguf 'Once'", "with counts and timings"],
      ["andon generate --grammar person.json m.gguf 'Ada:'", "JSON of that schema"],
    ],
    sections: [
      [
        "Options",
        [...WRITING, ...EXPERTS, ...OPENING, ["-q, --quiet", "no numbers at the end"], JSON_OUTPUT],
      ],
    ],
  },
  tokenize: {
    about: "Shows the tokens that a text becomes: from the command line, or from standard input.",
    usage: ["andon tokenize [options] MODEL [TEXT]"],
    examples: [
      ["andon tokenize qwen3.gguf 'Hello, world'", "a line for each"],
      ["andon tokenize --special qwen3.gguf '<|im_end|>'", "one token instead of six"],
    ],
    sections: [
      [
        "Options",
        [["--special", "texts of special tokens become these tokens"], ...OPENING, JSON_OUTPUT],
      ],
    ],
  },
  bench: {
    about: "Measures how fast a language model reads a prompt and writes.",
    usage: ["andon bench [options] MODEL"],
    examples: [
      ["andon bench model.gguf", "a prompt of 128 tokens, then 32 written"],
      ["andon bench -p 128,512 -n 32 -t 1,2 -r 5 model.gguf", "every combination, five times"],
    ],
    sections: [
      [
        "Options",
        [
          ["-p, --prompt N,...", "tokens of a prompt; otherwise 128"],
          ["-n, --write N,...", "tokens to write; otherwise 32"],
          ["-r, --repeat N", "runs of each, after one to warm up; otherwise 3"],
          ["-t, --threads N,...", "otherwise one a processor, at most 8"],
          ...OPENING.filter(([term]) => !term.includes("--threads")),
          JSON_OUTPUT,
        ],
      ],
    ],
  },
} as const satisfies Record<string, Page>;
