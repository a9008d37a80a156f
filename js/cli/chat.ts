// andon chat MODEL

import { createInterface, type Interface } from "node:readline/promises";
import type { Generation, LanguageModel, RoutedChat, Routing } from "../index.js";
import { operands, parseVerb } from "./arguments.js";
import { type Answering, Conversation, type Writing } from "./conversation.js";
import { CliError, Exit, report } from "./errors.js";
import { summary } from "./generate.js";
import { readWhole } from "./input.js";
import { openText, words } from "./language.js";
import {
  MODEL_OPTIONS,
  modelOptions,
  WRITING_OPTIONS,
  writingOptions,
} from "./language-options.js";
import { ROUTE_OPTIONS, requireRoute, routedExperts } from "./routed-experts.js";
import {
  EXPERT_OPTIONS,
  grammarFrom,
  modelTerms,
  orDispose,
  requireExperts,
  withExperts,
} from "./using-experts.js";
import { type Style, styleFor, type Terminal, write } from "./terminal.js";
import { shown } from "./text.js";

const OPTIONS = {
  ...MODEL_OPTIONS,
  ...WRITING_OPTIONS,
  ...EXPERT_OPTIONS,
  ...ROUTE_OPTIONS,
  system: { type: "string" },
  template: { type: "string" },
  quiet: { type: "boolean", short: "q" },
  json: { type: "boolean" },
} as const;

/** Of a chat, unless told otherwise: always the most probable word makes models repeat themselves. */
const TEMPERATURE = 0.7;

export async function chat(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseVerb("chat", args, OPTIONS);
  const [file] = operands("chat", positionals, "MODEL");
  const { template, expert, route } = values;
  requireRoute(values);
  requireExperts("chat", values);
  const options: Writing = {
    ...(expert || route ? {} : { temperature: TEMPERATURE }), // experts have their own
    ...writingOptions("chat", values),
    ...(await grammarFrom("chat", values)),
  };
  if (template !== undefined)
    options.template = new TextDecoder().decode(await readWhole(template));
  const opening = await modelOptions("chat", values);
  const opened = await openText(file, modelTerms(opening, values), terminal);
  const { model, answering } = route
    ? await routed(opened, values, opening, terminal)
    : await attached(opened, values, opening, terminal);
  try {
    const conversation = await Conversation.begin(model, options, values.system, answering);
    const talk = new Talk(conversation, options, terminal, values.quiet ?? false);
    await talk.run(file, model);
  } finally {
    model.dispose();
  }
  return Exit.ok;
}

interface Answerer {
  model: LanguageModel;
  answering: Answering;
}

/** All experts answer, together. */
async function attached(...given: Parameters<typeof withExperts>): Promise<Answerer> {
  const { model, experts } = await withExperts(...given);
  return {
    model,
    answering: (session, messages, options) => session.chat(messages, { ...options, experts }),
  };
}

/** Each question goes to one. Throws what `routedExperts` does; the model is disposed of then. */
async function routed(...given: Parameters<typeof routedExperts>): Promise<Answerer> {
  const [model] = given;
  const experts = await orDispose(model, routedExperts(...given));
  return {
    model,
    answering: (session, messages, options) => experts.chat(messages, { ...options, session }),
  };
}

class Talk {
  readonly #conversation: Conversation;
  readonly #options: Writing;
  readonly #terminal: Terminal;
  readonly #style: Style;
  /** Whether a person types. */
  readonly #live: boolean;
  readonly #quiet: boolean;
  #answering: Generation | RoutedChat | undefined;
  #interrupted = false;

  constructor(conversation: Conversation, options: Writing, terminal: Terminal, quiet: boolean) {
    this.#conversation = conversation;
    this.#options = options;
    this.#terminal = terminal;
    this.#style = styleFor(terminal.stdout, terminal.env);
    this.#live = terminal.stdin.isTTY === true && terminal.stdout.isTTY === true;
    this.#quiet = quiet;
  }

  async run(file: string, model: LanguageModel): Promise<void> {
    const { stdin, stdout } = this.#terminal;
    const lines = createInterface({ input: stdin, output: stdout, terminal: this.#live });
    lines.on("SIGINT", () => {
      this.#interrupt(lines);
    });
    if (this.#live) await this.#say(`${this.#style.dim(greeting(file, model))}\n`);
    lines.setPrompt(this.#live ? this.#style.bold("> ") : "");
    lines.prompt();
    try {
      for await (const line of lines) {
        this.#interrupted = false;
        if (!(await this.#turn(line.trim()))) return;
        lines.prompt();
      }
    } finally {
      lines.close();
    }
  }

  /** Once: the answer ends here. Twice, or where there is none: the chat does. */
  #interrupt(lines: Interface): void {
    if (this.#answering === undefined || this.#interrupted) lines.close();
    this.#interrupted = true;
    this.#answering?.stop();
  }

  /** false: it was the last. */
  async #turn(line: string): Promise<boolean> {
    if (line === "") return true;
    if (!line.startsWith("/")) await this.#answer(line);
    else if (line === "/quit") return false;
    else await this.#command(line);
    return true;
  }

  async #answer(question: string): Promise<void> {
    const { stdout, stderr } = this.#terminal;
    const generation = this.#conversation.ask(question, this.#options);
    this.#answering = generation;
    try {
      for await (const part of generation) {
        if (part.type === "text") await write(stdout, words(part.text, stdout));
        if (part.type === "route" && this.#live) await this.#tellRoute(part);
      }
      await this.#say("\n");
      const result = await generation.result();
      this.#conversation.keep(question, result.text);
      if (this.#live && !this.#quiet) {
        await write(stderr, `${this.#style.dim(summary(result))}\n`);
      }
    } finally {
      this.#answering = undefined;
    }
  }

  /** Before the answer, so that a person knows who gives it. */
  async #tellRoute({ route }: Routing): Promise<void> {
    if (route === undefined || this.#quiet) return;
    await write(this.#terminal.stderr, `${this.#style.dim(shown(route.reason))}\n`);
  }

  /** A person may try again; in a script what fails ends the chat. */
  async #command(line: string): Promise<void> {
    const [word = "", path = ""] = line.split(/\s+(.*)/, 2);
    try {
      await this.#do(word, path);
    } catch (error) {
      if (!this.#live) throw error;
      await this.#say(`${this.#style.red(shown(report(error).message))}\n`);
    }
  }

  async #do(word: string, path: string): Promise<void> {
    if (word === "/reset") return this.#conversation.reset();
    if (word === "/save" && path !== "") return this.#conversation.save(path);
    if (word === "/load" && path !== "") return this.#conversation.load(path);
    const all = "/save FILE, /load FILE, /reset, /quit";
    throw new CliError("InvalidArgument", `'${line(word, path)}' is none of ${all}`);
  }

  #say(text: string): Promise<void> {
    return write(this.#terminal.stdout, text);
  }
}

function line(word: string, path: string): string {
  return path === "" ? word : `${word} ${path}`;
}

function greeting(file: string, { description, build }: LanguageModel): string {
  const name = shown(description.name ?? file);
  return `${name}, ${build.reason}\nCtrl-C stops an answer; /save FILE, /load FILE, /reset, /quit`;
}
