// Who loads what: Andon its packages, and code that checks nothing the tar.gz.

import { adapterOf } from "./plain.mjs";

/** Reads every layer of an expert: milliseconds until the verdict, the first layer, and all of them. */
export async function loadExpert(andon, source, options) {
  const start = performance.now();
  const expert = await andon.open(source, { ...options, kind: "expert" });
  const open = performance.now() - start;
  let first;
  let values = 0;
  for await (const { modules } of expert.layers()) {
    first ??= performance.now() - start;
    for (const { tensors } of modules)
      for (const tensor of Object.values(tensors)) values += tensor.values.length;
  }
  const all = performance.now() - start;
  expert.dispose();
  return { open, first, all, values };
}

/** Opens and closes an expert: milliseconds until the verdict. */
export async function validateExpert(andon, source, options) {
  const start = performance.now();
  const expert = await andon.open(source, { ...options, kind: "expert" });
  const open = performance.now() - start;
  expert.dispose();
  return { open };
}

/** Expands a tar.gz and copies every tensor out of it; `expand` gives the bytes of the archive. */
export async function loadPlain(expand) {
  const start = performance.now();
  const tensors = adapterOf(await expand());
  const all = performance.now() - start;
  let values = 0;
  for (const tensor of tensors.values()) values += tensor.length;
  return { all, values };
}

/** The results of `rounds` calls of `run`, after some that warm up. */
export async function repeated(run, rounds, warmUp = 3) {
  const results = [];
  for (let round = -warmUp; round < rounds; round++) {
    const result = await run();
    if (round >= 0) results.push(result);
  }
  return results;
}
