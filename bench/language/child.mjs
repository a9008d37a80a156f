// A contender in a Node.js process of its own: processes/NAME.mjs answers one message at a time.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { peakBytes } from "../memory.mjs";

/** As startInChromium. */
export async function startInNode(name, path, settings) {
  const child = fork(fileURLToPath(new URL(`processes/${name}.mjs`, import.meta.url)));
  const ask = (what, given) =>
    new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`${name} ended with ${code}`));
      child.once("exit", ended);
      child.once("message", (answer) => {
        child.off("exit", ended);
        resolve(answer);
      });
      child.send({ what, given });
    });
  return {
    load: () => ask("load", { path, ...settings }),
    complete: (given) => ask("complete", given),
    peak: async () => peakBytes(child.pid),
    close: async () => child.kill(),
  };
}
