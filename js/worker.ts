// The script of the worker: one core, one session.

import { platform } from "#platform";
import { serve, type Call } from "./bridge.js";
import { Core } from "./core.js";
import { AndonError, reasonOf } from "./errors.js";
import { LocalSession } from "./session.js";

let session: LocalSession | undefined;

function current(): LocalSession {
  if (session === undefined) throw new AndonError("Internal", "worker: a call before start");
  return session;
}

async function start(module: WebAssembly.Module): Promise<Core> {
  try {
    return await Core.start(module);
  } catch (thrown) {
    throw new AndonError("StartFailed", `core: ${reasonOf(thrown)}`);
  }
}

async function answer(call: Call): Promise<unknown> {
  switch (call.name) {
    case "start":
      session = new LocalSession(await start(call.argument));
      return undefined;
    case "begin":
      current().begin(call.argument);
      return undefined;
    case "append":
      current().append(call.argument);
      return undefined;
    case "open":
      return current().open(call.argument);
    case "predict":
      return current().predict(call.argument);
    case "weights":
      return current().weights();
  }
}

serve(platform.workerScope(), answer);
