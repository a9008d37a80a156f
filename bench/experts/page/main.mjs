// What the page offers to the program that drives the browser.

import * as andon from "../../../dist/index.js";
import { loadExpert, loadPlain, repeated, validateExpert } from "../contenders.mjs";

const input = globalThis.document.querySelector("input");

async function expand() {
  const stream = input.files[0].stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function validate(source, { options, rounds }) {
  return repeated(() => validateExpert(andon, source, options), rounds);
}

globalThis.measurements = {
  "cold-expert": ({ options }) => loadExpert(andon, input.files[0], options),
  "cold-plain": () => loadPlain(expand),
  "hot-expert": ({ options, rounds }) =>
    repeated(() => loadExpert(andon, input.files[0], options), rounds),
  "hot-plain": ({ rounds }) => repeated(() => loadPlain(expand), rounds),
  "validate-disk": (settings) => validate(input.files[0], settings),
  "validate-memory": async (settings) =>
    validate(new Uint8Array(await input.files[0].arrayBuffer()), settings),
};
