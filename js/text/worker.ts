// The script of the worker that a language model runs in.

import { platform } from "#platform";
import { serve, type Call } from "../calls.js";
import { AndonError, reasonOf } from "../errors.js";
import { TextHost } from "./host.js";
import type { TextCalls, TextStart } from "./protocol.js";

const host = new TextHost();

async function start(from: TextStart): Promise<void> {
  try {
    await host.start(from);
  } catch (thrown) {
    throw new AndonError("StartFailed", `core: ${reasonOf(thrown)}`);
  }
}

async function answer(call: Call<TextCalls>): Promise<unknown> {
  if (call.name === "start") return start(call.argument);
  const method = host[call.name] as (argument: typeof call.argument) => unknown;
  return method.call(host, call.argument);
}

serve<TextCalls>(platform.workerScope(), answer);
