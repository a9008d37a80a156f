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

/** Each call has the argument of its name. */
type AnyCalls = Record<keyof TextCalls, (argument: unknown) => unknown>;

async function answer(call: Call<TextCalls>): Promise<unknown> {
  if (call.name === "start") return start(call.argument);
  return (host as unknown as AnyCalls)[call.name](call.argument);
}

serve<TextCalls>(platform.workerScope(), answer);
