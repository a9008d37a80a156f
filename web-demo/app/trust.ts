// The key that a file must be signed with, if any.

import { AndonError, open, type TrustedKey } from "./andon.js";
import { byId, focusOn } from "./dom.js";
import { short } from "./foreign.js";

const largestKeyFile = 4096; // bytes; a PEM of an Ed25519 key has 113

/** Empty when the text is a key, else what is wrong with it. */
async function problemWith(key: TrustedKey): Promise<string> {
  try {
    // Keys are read before the file is, so an empty one is enough to ask the package.
    const model = await open(new Uint8Array(), { trust: [key], worker: false });
    model.dispose();
    return "";
  } catch (error) {
    if (!(error instanceof AndonError)) throw error;
    return error.code === "KeyMalformed" ? "This is not an Ed25519 public key." : "";
  }
}

export interface Trust {
  keys(): TrustedKey[]; // none: files are opened whoever signed them
  require(key: string): Promise<void>;
}

export function trustControl(onChange: () => void): Trust {
  const keyBox = byId("trust-key", HTMLTextAreaElement);
  const nameBox = byId("trust-name", HTMLInputElement);
  const problem = byId("trust-problem", HTMLElement);
  const state = byId("trust-state", HTMLElement);
  const clear = byId("trust-clear", HTMLButtonElement);
  let keys: TrustedKey[] = [];

  function settle(next: TrustedKey[]): void {
    keys = next;
    const [only] = keys;
    state.textContent = only
      ? `Only ${only.name ?? short(keyBox.value.trim(), 16)}`
      : "Anyone’s, or none";
    clear.hidden = only === undefined;
    onChange();
  }
  async function apply(): Promise<void> {
    const name = nameBox.value.trim();
    const key: TrustedKey = { key: keyBox.value.trim(), ...(name ? { name } : {}) };
    const wrong = await problemWith(key);
    problem.textContent = wrong;
    keyBox.setAttribute("aria-invalid", String(wrong !== ""));
    if (wrong) {
      focusOn(keyBox);
      return;
    }
    settle([key]);
  }

  byId("trust-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void apply();
  });
  clear.addEventListener("click", () => {
    settle([]);
  });

  return {
    keys: () => keys,
    async require(key) {
      keyBox.value = key;
      nameBox.value = "";
      await apply();
    },
  };
}

export async function readKeyFile(file: File): Promise<void> {
  const keyBox = byId("trust-key", HTMLTextAreaElement);
  keyBox.value = await file.slice(0, largestKeyFile).text();
  focusOn(keyBox);
}
