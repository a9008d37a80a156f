// The card that shows how far reading a file has come, and lets one stop it.

import { byId, focusOn } from "./dom.js";
import { label } from "./foreign.js";
import { bytes } from "./format.js";

export interface Opening {
  onProgress: (amount: { loaded: number; total: number | undefined }) => void;
  done(): void;
}

export function showOpening(name: string, abort: AbortController): Opening {
  const card = byId("opening", HTMLElement);
  const bar = byId("opening-bar", HTMLProgressElement);
  const amount = byId("opening-amount", HTMLElement);
  const title = byId("opening-title", HTMLElement);
  const cancel = byId("opening-cancel", HTMLButtonElement);
  const onCancel = (): void => {
    abort.abort();
  };

  title.replaceChildren("Reading ", label(name));
  bar.removeAttribute("value");
  amount.textContent = "";
  card.hidden = false;
  cancel.addEventListener("click", onCancel);
  focusOn(title);
  return {
    onProgress({ loaded, total }) {
      amount.textContent =
        total === undefined ? bytes(loaded) : `${bytes(loaded)} of ${bytes(total)}`;
      if (total) bar.value = loaded / total;
    },
    done() {
      card.hidden = true;
      cancel.removeEventListener("click", onCancel);
    },
  };
}
