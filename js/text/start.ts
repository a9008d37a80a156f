// Starts the worker of a language model with the build that fits.

import { platform } from "#platform";
import { workers } from "#workers";
import { abortable } from "../abort.js";
import { RemoteCalls } from "../calls.js";
import { AndonError, reasonOf } from "../errors.js";
import type { TextBuild, TextBuildName } from "./description.js";
import { ModelCalls } from "./model-calls.js";
import type { WorkerCalls } from "./protocol.js";

/** Compiled once for all models; what failed is not remembered. */
const compiled = new Map<TextBuildName, Promise<WebAssembly.Module>>();

async function compile(name: TextBuildName): Promise<WebAssembly.Module> {
  let module = compiled.get(name);
  if (module === undefined) {
    module = platform.compile(name);
    compiled.set(name, module);
  }
  return module;
}

/** Errors: StartFailed, or the reason of `signal`. */
export async function startTextWorker(
  build: TextBuild,
  signal: AbortSignal | undefined,
): Promise<ModelCalls> {
  let calls: RemoteCalls<WorkerCalls> | undefined;
  try {
    const module = await abortable(compile(build.name), signal);
    calls = new RemoteCalls<WorkerCalls>(workers.startTextWorker());
    await abortable(calls.start("start", { compiled: module, build }), signal);
    return ModelCalls.of(calls);
  } catch (thrown) {
    calls?.close();
    if (signal?.aborted === true) throw thrown;
    compiled.delete(build.name);
    if (thrown instanceof AndonError) throw thrown;
    throw new AndonError("StartFailed", `core: ${reasonOf(thrown)}`, { cause: thrown });
  }
}
