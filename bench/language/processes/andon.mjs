import { open } from "../../../dist/index.js";
import { endless, letters } from "../letters.mjs";
import { answer } from "./answer.mjs";

let model;
let positions;

answer({
  load: async ({ path, threads, context }) => {
    const start = performance.now();
    model = await open(path, { kind: "language-model", threads });
    positions = context;
    const { name, threads: used } = model.build;
    return { milliseconds: performance.now() - start, build: `${name}, ${used} threads` };
  },
  complete: async ({ prompt, tokens }) => {
    const session = await model.session({ context: positions });
    const result = await session
      .generate(letters(prompt), { maxTokens: tokens, temperature: 0, logitBias: endless })
      .result();
    session.dispose();
    return { prompt: result.promptMs, decode: result.decodeMs, tokens: result.completionTokens };
  },
});
