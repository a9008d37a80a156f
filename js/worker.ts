// The script of the worker: one core, one session.

import { platform } from "#platform";
import type { Calls } from "./bridge.js";
import { serve, type Call } from "./calls.js";
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

async function answer(call: Call<Calls>): Promise<unknown> {
  switch (call.name) {
    case "start":
      session = new LocalSession(await start(call.argument));
      return undefined;
    case "sniff":
      return current().sniff(call.argument);
    case "begin":
      current().begin(call.argument);
      return undefined;
    case "append":
      current().append(call.argument);
      return undefined;
    case "open":
      return current().open(call.argument);
    case "beginExpert":
      return current().beginExpert(call.argument);
    case "feedExpert":
      return current().feedExpert(call.argument);
    case "predict":
      return current().predict(call.argument);
    case "weights":
      return current().weights();
    case "take":
      return current().take(call.argument);
    case "give":
      return current().give(call.argument);
    case "beginIntegrity":
      current().beginIntegrity(call.argument);
      return undefined;
    case "addIntegrity":
      current().addIntegrity(call.argument);
      return undefined;
    case "endIntegrity":
      current().endIntegrity();
      return undefined;
  }
}

serve<Calls>(platform.workerScope(), answer);
