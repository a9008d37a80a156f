// Starts the core, in this thread or in a worker, when it is first needed. A start that failed is not
// remembered: the next call tries again.

import { platform } from "#platform";
import { RemoteSession } from "./bridge.js";
import { Core } from "./core.js";
import { AndonError, reasonOf } from "./errors.js";

let compiling: Promise<WebAssembly.Module> | undefined;
let starting: Promise<Core> | undefined;

/** Once for all threads. */
async function compile(): Promise<WebAssembly.Module> {
  return (compiling ??= platform.compile());
}

/** The core of this thread. Errors: StartFailed. */
export async function localCore(): Promise<Core> {
  const mine = (starting ??= compile().then((module) => Core.start(module)));
  try {
    const core = await mine;
    if (core.usable) return core;
  } catch (thrown) {
    compiling = undefined;
    if (starting === mine) starting = undefined;
    throw startError(thrown);
  }
  if (starting === mine) starting = undefined;
  return localCore();
}

/** A core in a worker of its own. Errors: StartFailed. */
export async function remoteSession(): Promise<RemoteSession> {
  try {
    const core = await compile();
    return await RemoteSession.start(platform.startWorker(), core);
  } catch (thrown) {
    compiling = undefined;
    throw startError(thrown);
  }
}

function startError(thrown: unknown): AndonError {
  if (thrown instanceof AndonError) return thrown;
  return new AndonError("StartFailed", `core: ${reasonOf(thrown)}`, { cause: thrown });
}
