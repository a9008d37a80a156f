// The script of the worker that language models run in.

import { platform } from "#platform";
import { serve, type Call } from "../calls.js";
import type { WorkerCalls } from "./protocol.js";
import { TextModels } from "./text-models.js";

const models = new TextModels();

async function answer(call: Call<WorkerCalls>): Promise<unknown> {
  switch (call.name) {
    case "start":
      return models.start(call.argument);
    case "ask":
      return models.ask(call.argument);
    case "unload":
      models.unload(call.argument);
      return undefined;
  }
}

serve<WorkerCalls>(platform.workerScope(), answer);
