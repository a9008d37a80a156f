// The WebAssembly module that runs language models. The one file that knows its generated glue; others know its types.

import createAndonText, { type MainModule, type Upload } from "../wasm/andon-text.mjs";
import { Instance, instantiate, type CoreUpload, type Span } from "../instance.js";
import { CoreLoading } from "./core-text-loading.js";
import type { LoadTerms } from "./protocol.js";

export class CoreText extends Instance<MainModule, Upload> {
  /** Rejects with whatever WebAssembly says. */
  static async start(compiled: WebAssembly.Module): Promise<CoreText> {
    return new CoreText(await instantiate(createAndonText, compiled));
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
