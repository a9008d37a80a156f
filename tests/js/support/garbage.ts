import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Collects garbage a few times, giving finalisers their turns. */
export async function collectGarbage(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Collects garbage until `done`; gives up after some seconds. */
export async function collectedUntil(done: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 100 && !done(); turn++) await collectGarbage();
  return done();
}
