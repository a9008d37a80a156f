// The WebAssembly module that opens, verifies, reads and predicts. The one file that knows its generated glue.

import createAndon, {
  type MainModule,
  type Opened,
  type OpenedExpert as OpenedExpertHandle,
  type OpeningExpert as OpeningExpertHandle,
  type Policy as PolicyHandle,
  type TrustDocument,
  type Upload,
} from "./wasm/andon.mjs";
import { CoreExpertOpening } from "./core-expert.js";
import { CoreModel } from "./core-model.js";
import { policyHandle } from "./core-policy.js";
import { Instance, instantiate, type CoreUpload as AnyUpload, type Span } from "./instance.js";
import type { Policy } from "./trust.js";

export type {
  MainModule,
  Opened,
  OpenedExpertHandle,
  OpeningExpertHandle,
  PolicyHandle,
  Span,
  TrustDocument,
};
export type CoreUpload = AnyUpload<Upload>;

/** What a file is, where Andon reads it. */
export type FileKind = "aprender" | "expert" | "expert-v1" | "gguf";

export class Core extends Instance<MainModule, Upload> {
  /** Rejects with whatever WebAssembly says. @internal */
  static async start(compiled: WebAssembly.Module): Promise<Core> {
    return new Core(await instantiate(createAndon, compiled));
  }

  /** The largest file that is read whole, in bytes. */
  get maxFileBytes(): number {
    return this.run((module) => module.maxFileBytes);
  }

  /** The largest file that is read by ranges. */
  get maxExpertBytes(): number {
    return this.run((module) => module.maxExpertBytes);
  }

  /** Verifies and builds. Errors: all of the core's, with the verdict. */
  open(file: CoreUpload, policy: Policy): CoreModel {
    return this.run((module) => {
      const rules = policyHandle(module, policy);
      try {
        return new CoreModel(this, new module.Opened(file.handle, rules));
      } finally {
        rules.delete();
      }
    });
  }

  /** `size`: of the file, where that is known. */
  openExpert(size: number | undefined, policy: Policy): CoreExpertOpening {
    return this.run((module) => {
      const rules = policyHandle(module, policy);
      try {
        return new CoreExpertOpening(this, new module.OpeningExpert(size ?? -1, rules));
      } finally {
        rules.delete();
      }
    });
  }

  /** By the first bytes; a ZIP is taken for a model. */
  sniffHead(head: CoreUpload): FileKind | undefined {
    return kindOf(this.run((module) => module.sniffHead(head.handle)));
  }

  sniffFile(file: CoreUpload): FileKind | undefined {
    return kindOf(this.run((module) => module.sniffFile(file.handle)));
  }
}

function kindOf(name: string | ArrayBuffer | Uint8Array): FileKind | undefined {
  return name === "" ? undefined : (name as FileKind);
}
