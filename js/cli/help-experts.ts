// Help for the verbs that keep experts and choose one.

import { type Entry, JSON_OUTPUT, type Page, POLICY } from "./help-page.js";

const STORE: Entry = [
  "--store DIR",
  "the store; otherwise andon/experts in $XDG_DATA_HOME or ~/.local/share",
];

export const EXPERT_PAGES = {
  experts: {
    about:
      "The store of experts: each is verified whole before it comes in, and again when it is used.",
    usage: [
      "andon experts list [options]",
      "andon experts install [options] FILE...",
      "andon experts update [options] FILE...",
      "andon experts remove [options] NAME...",
      "andon experts verify [options] [NAME...]",
    ],
    examples: [
      ["andon experts install --trust acme.pem sql.expert", "keep an expert from Acme"],
      ["andon experts update sql-2.expert", "a newer version by the same publisher"],
      ["andon experts verify", "is each still what was installed, and trusted?"],
      ["andon experts remove expert-sql", "unless another one requires it"],
    ],
    sections: [
      [
        "Options",
        [
          STORE,
          ["-f, --force", "with remove: also where others require it"],
          ["--any-publisher", "with update: let another publisher take over"],
          JSON_OUTPUT,
        ],
      ],
      ["Options of install, update and verify", POLICY],
    ],
  },
  route: {
    about: "Says which expert a question is for, and why; the base model where none fits.",
    usage: ["andon route [options] QUERY [FILE...]"],
    examples: [
      ["andon route 'How many orders are open?'", "among the installed experts"],
      ["andon route -k 5 -v 'How many orders?' *.expert", "among these, with every score"],
      ["andon route --capability task:text2sql 'all of 2024'", "among those that can do that"],
    ],
    sections: [
      [
        "Options",
        [
          ["-k N", "candidates to show; otherwise 3"],
          ["-v, --verbose", "show every score and what it counts"],
          ["--capability NAME", "only experts that have it; may be repeated"],
          ["--threshold T", "the confidence, 0 to 1, below which the base model answers"],
          ["", "instead; otherwise 0.5"],
          STORE,
          JSON_OUTPUT,
        ],
      ],
    ],
  },
} as const satisfies Record<string, Page>;
