// Measures experts of rank 16 on all seven modules of a model in the shapes of Qwen3-0.6B, in Node.js: attaching,
// detaching, what they hold, and what texts cost with them.
//   usage: node bench/attaching/main.mjs [--json] [--rounds N] [--threads N] [attach|write]

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "../../dist/index.js";
import { loraBytes } from "../experts/adapter.mjs";
import { trust } from "../experts/keys.mjs";
import { Workshop } from "../experts/packages.mjs";
import { endless, letters } from "../language/letters.mjs";
import { qwenShaped } from "../language/models.mjs";
import { runSections } from "../run.mjs";
import { median, takeTurns } from "../timing.mjs";

const most = 6;
const reach = { hot: 10, six: 60, detach: 5, memory: 1.1, overhead: 8 };
const promptTokens = 128;
const writtenTokens = 32;

async function packages(folder) {
  const workshop = new Workshop(folder);
  const paths = [];
  for (let seed = 0; seed < most; seed++)
    paths.push(await workshop.package("lora", "F16", {}, seed));
  return paths;
}

/** `section` with a model that is there as long as it runs. */
const withModel = (section) => async (settings) => {
  const threads = Number(settings.threads ?? 1);
  const model = await open(await qwenShaped("q8_0"), { kind: "language-model", threads });
  try {
    return await section({ ...settings, model });
  } finally {
    model.dispose();
  }
};

const options = { trust, anyBase: true };

async function timed(run) {
  const start = performance.now();
  const result = await run();
  return { result, milliseconds: performance.now() - start };
}

async function attachAll(model, paths) {
  const experts = [];
  for (const path of paths) experts.push(await model.attach(path, options));
  return experts;
}

async function detachAll(experts) {
  for (const expert of experts) await expert.detach();
}

async function attach({ model, folder, rounds }) {
  const paths = await packages(folder);
  const first = await timed(() => attachAll(model, paths));
  const holds = await Promise.all(first.result.map((expert) => expert.memory()));
  await detachAll(first.result);

  const [expert] = await attachAll(model, paths.slice(0, 1));
  const merged = await timed(() => model.merge([expert]));
  merged.result.dispose();
  await expert.detach();

  const times = { hot: [], detach: [], six: [] };
  for (let round = 0; round < rounds; round++) {
    const one = await timed(() => model.attach(paths[0], options));
    times.hot.push(one.milliseconds);
    times.detach.push((await timed(() => one.result.detach())).milliseconds);
    const all = await timed(() => attachAll(model, paths));
    times.six.push(all.milliseconds);
    await detachAll(all.result);
  }
  const row = (what, all, most) => ({
    what,
    "best ms": Math.min(...all),
    "median ms": median(all),
    "reach ms": most,
  });
  return {
    title: "Attaching, in milliseconds",
    results: [
      row(
        "the first time: verified, decoded",
        first.result.map(({ timings }) => timings.readyMs),
      ),
      row(
        "until its first layer is ready",
        first.result.map(({ timings }) => timings.firstLayerMs),
      ),
      row("hot: its adapter is still in memory", times.hot, reach.hot),
      row("six, hot", times.six, reach.six),
      row("detach", times.detach, reach.detach),
      row("merge into a copy of the model", [merged.milliseconds]),
      {
        what: "memory of an expert, times its tensors",
        times: median(holds.map(({ total }) => total)) / loraBytes("F16"),
        reach: reach.memory,
      },
    ],
  };
}

async function write({ model, folder, rounds }) {
  const experts = await attachAll(model, await packages(folder));
  const session = { context: 512 };
  const text = { temperature: 0, logitBias: endless };
  const run = (using, prompt, maxTokens) => async () => {
    const own = await model.session({ ...session, experts: experts.slice(0, using) });
    await own.generate(letters(prompt), { ...text, maxTokens }).result();
    own.dispose();
  };
  const counts = [0, 1, 3, most];
  const runsOf = (prompt, tokens) =>
    Object.fromEntries(counts.map((count) => [count, run(count, prompt, tokens)]));
  const turns = { rounds, warmUp: 1 };
  const decode = await takeTurns(runsOf(1, writtenTokens + 1), turns);
  const prompt = await takeTurns(runsOf(promptTokens, 1), turns);
  const more = (times, count) => (times[count].cpu / times[0].cpu - 1) * 100;
  return {
    title: `A text of ${writtenTokens} tokens, and a prompt of ${promptTokens}`,
    results: counts.map((count) => ({
      experts: String(count),
      "writing, tokens/CPU s": ((writtenTokens + 1) / decode[count].cpu) * 1000,
      "more %": more(decode, count),
      "reach %": count === 1 ? reach.overhead : undefined,
      "reading, tokens/CPU s": (promptTokens / prompt[count].cpu) * 1000,
      "reading, more %": more(prompt, count),
    })),
  };
}

const folder = await mkdtemp(join(tmpdir(), "andon-bench-"));
try {
  await runSections(
    { attach: withModel(attach), write: withModel(write) },
    { rounds: 10, folder },
    { threads: { type: "string" } },
  );
} finally {
  await rm(folder, { recursive: true });
}
