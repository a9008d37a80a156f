// Times that hold on a machine where other things run: contenders take turns, so that a disturbance
// meets all of them; the least and the median time are kept, and the processor time of the least.

import { cpuUsage } from "node:process";

/** Processor time of this process, all its threads, in milliseconds. */
function cpuMilliseconds() {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** "4.2": how many times `base`. */
export function ratio(value, base) {
  return (value / base).toFixed(1);
}

async function timed(run) {
  const cpu = cpuMilliseconds();
  const start = performance.now();
  const pending = run();
  if (pending instanceof Promise) await pending;
  return { wall: performance.now() - start, cpu: cpuMilliseconds() - cpu };
}

/**
 * Milliseconds of each of `runs` ({ name: function }), by name: { best, median, cpu }.
 * `repeat`: calls that one time is the mean of, for calls too short to be timed alone.
 */
export async function takeTurns(runs, { rounds, warmUp = 3, repeat = 1 }) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  const repeated = (run) => async () => {
    for (let i = 0; i < repeat; i++) {
      const pending = run();
      if (pending instanceof Promise) await pending;
    }
  };
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const time = await timed(repeat === 1 ? run : repeated(run));
      if (round >= 0) times[name].push(time);
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, all]) => [
      name,
      {
        best: Math.min(...all.map(({ wall }) => wall)) / repeat,
        median: median(all.map(({ wall }) => wall)) / repeat,
        cpu: Math.min(...all.map(({ cpu }) => cpu)) / repeat,
      },
    ]),
  );
}
