// Starts the core, in this thread or in a worker, when it is first needed.

import { platform } from "#platform";
import { RemoteSession } from "./bridge.js";
import { Core } from "./core.js";
import { AndonError, reasonOf } from "./errors.js";

let compiling: Promise<WebAssembly.Module> | undefined;
let starting: Promise<Core> | undefined;

/** Compiled once for all threads. Errors: StartFailed; not remembered. */
async function compiled(): Promise<WebAssembly.Module> {
  try {
    return await (compiling ??= platform.compile());
  } catch (cause) {
    compiling = undefined;
    throw new AndonError("StartFailed", `core: ${reasonOf(cause)}`, { cause });
  }
}

/** The core of this thread. Errors: StartFailed; not remembered. */
export async function localCore(): Promise<Core> {
  try {
    const core = await (starting ??= compiled().then((module) => Core.start(module)));
    if (core.usable) return core;
  } catch (thrown) {
    starting = undefined;
    throw thrown;
  }
  starting = undefined;
  return localCore();
}

/** A core in a worker of its own. Errors: StartFailed. */
export async function remoteSession(): Promise<RemoteSession> {
  const core = await compiled();
  try {
    return await RemoteSession.start(platform.startWorker(), core);
  } catch (cause) {
    if (cause instanceof AndonError) throw cause;
    throw new AndonError("StartFailed", `worker: ${reasonOf(cause)}`, { cause });
  }
}
