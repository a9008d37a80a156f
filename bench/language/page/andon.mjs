import { open } from "../../../dist/index.js";
import { endless, letters } from "../letters.mjs";

export async function load(file, { threads, context }) {
  const model = await open(file, { kind: "language-model", threads });
  const { name, threads: used } = model.build;
  return {
    build: `${name}, ${used} threads`,
    complete: async ({ prompt, tokens }) => {
      const session = await model.session({ context });
      const result = await session
        .generate(letters(prompt), { maxTokens: tokens, temperature: 0, logitBias: endless })
        .result();
      session.dispose();
      return { prompt: result.promptMs, decode: result.decodeMs, tokens: result.completionTokens };
    },
  };
}
