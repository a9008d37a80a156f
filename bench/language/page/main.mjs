// What the page offers to the program that drives the browser: a contender loads the file that was chosen, then
// answers prompts of random letters, each of which is one token.

const input = globalThis.document.querySelector("input");

const contenders = {
  andon: () => import("./andon.mjs"),
  wllama: () => import("./wllama.mjs"),
};

let contender;

globalThis.load = async (name, settings) => {
  const module = await contenders[name]();
  const start = performance.now();
  contender = await module.load(input.files[0], settings);
  return { milliseconds: performance.now() - start, build: contender.build };
};

/** Milliseconds of the prompt and of the tokens after the first. */
globalThis.complete = (settings) => contender.complete(settings);
