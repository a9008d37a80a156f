// The WebAssembly module that runs language models. The one file that knows its generated glue, of
// which each build has its own; others know its types.

import { startThread } from "#threads";
import type {
  ExpertChoice as ExpertChoiceHandle,
  MainModule,
  Upload,
} from "../wasm/andon-text.mjs";
import { Instance, instantiate, type CoreUpload, type Span } from "../instance.js";
import { CoreLoading } from "./core-text-loading.js";
import type { TextBuildName } from "./description.js";
import type { ChosenExpert } from "./core-text-expert.js";
import type { ExpertChoice, LoadTerms, TextStart } from "./protocol.js";

type Glue = Promise<{ default: (options: object) => Promise<MainModule> }>;

// Spelled out, as bundlers look for them.
const glues: Record<TextBuildName, () => Glue> = {
  "andon-text": () => import("../wasm/andon-text.mjs"),
  "andon-text-relaxed": () => import("../wasm/andon-text-relaxed.mjs"),
  "andon-text-threads": () => import("../wasm/andon-text-threads.mjs"),
  "andon-text-relaxed-threads": () => import("../wasm/andon-text-relaxed-threads.mjs"),
};

export class CoreText extends Instance<MainModule, Upload> {
  /** Rejects with whatever WebAssembly says. */
  static async start({ compiled, build }: TextStart): Promise<CoreText> {
    const { name, simd, threads } = build;
    const { default: create } = await glues[name]();
    const options = {
      workers: threads - 1, // this thread is one, too
      startThread: () => startThread(simd),
    };
    return new CoreText(await instantiate(create, compiled, options));
  }

  loading(terms: LoadTerms): CoreLoading {
    return this.run((module) => new CoreLoading(this, new module.TextLoading(), terms));
  }

  /** Calls with bytes in wasm memory. */
  with<T>(bytes: Uint8Array, call: (upload: Upload) => T): T {
    const upload: CoreUpload<Upload> = this.upload();
    try {
      upload.append(bytes);
      return this.run(() => call(upload.handle));
    } finally {
      upload.dispose();
    }
  }

  /** Calls with experts in the form that the core takes. */
  withChoice<T>(
    experts: readonly ChosenExpert[],
    { softPrompt, calibration }: Omit<ExpertChoice, "experts">,
    call: (choice: ExpertChoiceHandle) => T,
  ): T {
    return this.run((module) => {
      const choice = new module.ExpertChoice(softPrompt, calibration);
      try {
        for (const { expert, weight } of experts) choice.add(expert.handle, weight);
        return call(choice);
      } finally {
        choice.delete();
      }
    });
  }

  /** A copy that is no view of wasm memory. */
  copy(span: Span): Uint8Array<ArrayBuffer> {
    return this.bytes(span).slice();
  }

  text(span: Span): string {
    return new TextDecoder().decode(this.copy(span));
  }

  json(span: Span): unknown {
    return JSON.parse(this.text(span));
  }

  tokens(span: Span): Uint32Array {
    return new Uint32Array(this.copy(span).buffer);
  }
}
