// How the model is to write: fields that are checked before anything is asked of it.

import { el, focusOn } from "../dom.js";

export interface Settings {
  system: string; // what a conversation begins with; empty: nothing
  temperature: number;
  topP: number;
  topK: number;
  maxTokens: number;
  seed: number | undefined; // another one each time
}

type NumberName = Exclude<keyof Settings, "system">;

interface NumberField {
  title: string;
  least: number;
  most: number;
  whole: boolean;
  start: string;
}

const largest = 2 ** 32 - 1;

const numberFields: Record<NumberName, NumberField> = {
  temperature: { title: "Temperature", least: 0, most: 100, whole: false, start: "0.7" },
  topP: { title: "Top p", least: 0, most: 1, whole: false, start: "0.95" },
  topK: { title: "Top k", least: 0, most: largest, whole: true, start: "40" },
  maxTokens: { title: "Most tokens", least: 1, most: largest, whole: true, start: "512" },
  seed: { title: "Seed", least: 0, most: Number.MAX_SAFE_INTEGER, whole: true, start: "" },
};

/** Undefined where the text is no such number. */
function parsed(text: string, { least, most, whole }: NumberField): number | undefined {
  const value = text.trim() === "" ? NaN : Number(text);
  const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
  return fits ? value : undefined;
}

interface NumberInput {
  element: HTMLElement;
  input: HTMLInputElement;
  /** Says what is wrong with it, if anything is. */
  valid: () => boolean;
  value: () => number | undefined;
}

function numberInput(name: NumberName): NumberInput {
  const field = numberFields[name];
  const { title, least, most, whole } = field;
  const problem = el("p", { class: "problem", id: `chat-${name}-problem` });
  const input = el("input", {
    type: "text",
    id: `chat-${name}`,
    inputmode: whole ? "numeric" : "decimal",
    autocomplete: "off",
    "aria-describedby": `chat-hint ${problem.id}`,
    value: field.start,
  });
  const value = (): number | undefined => parsed(input.value, field);
  const valid = (): boolean => {
    const fits = value() !== undefined || (name === "seed" && input.value.trim() === "");
    const wanted = `${whole ? "a whole number" : "a number"} from ${least}`;
    problem.textContent = fits ? "" : `This is not ${wanted}${most <= 100 ? ` to ${most}` : ""}.`;
    input.setAttribute("aria-invalid", String(!fits));
    return fits;
  };
  input.addEventListener("input", valid);
  const label = el("label", { for: input.id }, title);
  return { element: el("div", { class: "field" }, label, input, problem), input, valid, value };
}

export interface SettingsForm {
  element: HTMLElement;
  /** Undefined where a field is wrong: the focus is then on it. */
  read(): Settings | undefined;
  show(settings: Settings): void;
  /** A text that is gone on with has no system message. */
  useSystem(use: boolean): void;
}

function systemInput(): { element: HTMLElement; input: HTMLTextAreaElement } {
  const input = el("textarea", { id: "chat-system", "aria-describedby": "chat-system-hint" });
  input.rows = 3;
  const label = el("label", { for: input.id }, "System message");
  const hint = "Told to the model before everything else.";
  const words = el("p", { class: "quiet", id: "chat-system-hint" }, hint);
  return { element: el("div", { class: "field" }, label, input, words), input };
}

const numbersHint =
  "At temperature 0 the most probable token is taken each time. Top k 0 and top p 1 leave none out. Without a seed each text is another.";

export function settingsForm(): SettingsForm {
  const system = systemInput();
  const names = Object.keys(numberFields) as NumberName[];
  const fields = names.map((name) => ({ name, ...numberInput(name) }));
  const hint = el("p", { class: "quiet", id: "chat-hint" }, numbersHint);
  const elements = fields.map(({ element }) => element);
  return {
    element: el("div", { class: "chat-settings" }, system.element, ...elements, hint),
    read() {
      const [wrong] = fields.filter((field) => !field.valid());
      if (wrong) {
        focusOn(wrong.input);
        return undefined;
      }
      const numbers = Object.fromEntries(fields.map(({ name, value }) => [name, value()]));
      return { system: system.input.value, ...(numbers as Omit<Settings, "system">) };
    },
    show(settings) {
      system.input.value = settings.system;
      for (const { name, input, valid } of fields) {
        input.value = String(settings[name] ?? "");
        valid();
      }
    },
    useSystem(use) {
      system.element.hidden = !use;
    },
  };
}
