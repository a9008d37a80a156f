// The WebAssembly module that makes packages. The one file that knows its generated glue; loaded when a package is made.

import createWriter, { type MainModule, type Upload } from "./wasm/andon-pack.mjs";
import { makeExpert, type ExpertJob } from "./core-packing.js";
import { requireOk } from "./errors.js";
import { Instance, instantiate } from "./instance.js";

export type WriterModule = MainModule;

/** Parts of a package to write; `description` and `weights` as their bytes. */
export interface PackParts {
  description: Uint8Array;
  weights: Uint8Array;
  attachments: ReadonlyMap<string, Uint8Array>;
  signingKey: Uint8Array | undefined; // 32 bytes
}

export class Writer extends Instance<MainModule, Upload> {
  /** Rejects with whatever WebAssembly says. @internal */
  static async start(compiled: WebAssembly.Module): Promise<Writer> {
    return new Writer(await instantiate(createWriter, compiled));
  }

  /** An `.aprender` package. Errors: all of the core's. */
  pack(parts: PackParts): Uint8Array {
    const uploads: { dispose(): void }[] = [];
    const hold = (bytes: Uint8Array): Upload => {
      const upload = this.upload();
      uploads.push(upload);
      upload.append(bytes);
      return upload.handle;
    };
    try {
      return this.run((module) => {
        const packing = new module.Packing(hold(parts.description), hold(parts.weights));
        try {
          for (const [name, bytes] of parts.attachments) packing.attach(name, hold(bytes));
          if (parts.signingKey !== undefined) packing.sign(parts.signingKey);
          packing.run();
          requireOk(packing);
          return this.bytes(packing.package()).slice();
        } finally {
          packing.delete();
        }
      });
    } finally {
      for (const upload of uploads) upload.dispose();
    }
  }

  /** The report of what was made. Errors: all of the core's, and whatever the job's files throw. */
  makeExpert(job: ExpertJob): unknown {
    return makeExpert(this, job);
  }
}
