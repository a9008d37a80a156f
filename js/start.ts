// Starts the WebAssembly modules, in this thread or in a worker, when they are first needed. A start that failed is
// not remembered: the next call tries again.

import { platform } from "#platform";
import { workers } from "#workers";
import { RemoteSession } from "./bridge.js";
import { Core } from "./core.js";
import { AndonError, reasonOf } from "./errors.js";
import type { WasmName } from "./platform/platform.js";
import type { Writer } from "./writer.js";

/** One module, compiled once for all threads and started once in this one. */
class Starter<Started extends { readonly usable: boolean }> {
  readonly #name: WasmName;
  readonly #start: (compiled: WebAssembly.Module) => Promise<Started>;
  #compiling: Promise<WebAssembly.Module> | undefined;
  #starting: Promise<Started> | undefined;

  constructor(name: WasmName, start: (compiled: WebAssembly.Module) => Promise<Started>) {
    this.#name = name;
    this.#start = start;
  }

  async compiled(): Promise<WebAssembly.Module> {
    return (this.#compiling ??= platform.compile(this.#name));
  }

  /** Errors: StartFailed. */
  async local(): Promise<Started> {
    const mine = (this.#starting ??= this.compiled().then(this.#start));
    try {
      const started = await mine;
      if (started.usable) return started;
    } catch (thrown) {
      this.forget();
      if (this.#starting === mine) this.#starting = undefined;
      throw startError(thrown);
    }
    if (this.#starting === mine) this.#starting = undefined;
    return this.local();
  }

  forget(): void {
    this.#compiling = undefined;
  }
}

const core = new Starter("andon", (compiled) => Core.start(compiled));
const writer = new Starter<Writer>("andon-pack", async (compiled) => {
  const module = await import("./writer.js");
  return module.Writer.start(compiled);
});

/** The core of this thread. Errors: StartFailed. */
export async function localCore(): Promise<Core> {
  return core.local();
}

/** What makes packages, in this thread. Errors: StartFailed. */
export async function localWriter(): Promise<Writer> {
  return writer.local();
}

/** A core in a worker of its own. Errors: StartFailed. */
export async function remoteSession(): Promise<RemoteSession> {
  try {
    return await RemoteSession.start(workers.startWorker(), await core.compiled());
  } catch (thrown) {
    core.forget();
    throw startError(thrown);
  }
}

function startError(thrown: unknown): AndonError {
  if (thrown instanceof AndonError) return thrown;
  return new AndonError("StartFailed", `core: ${reasonOf(thrown)}`, { cause: thrown });
}
