// The packages that are measured, made from folders as PEFT writes them.

import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packExpert } from "../../dist/index.js";
import { writePeftFolder } from "./adapter.mjs";
import { signing } from "./keys.mjs";

const metadata = { name: "expert-bench", version: "1.0.0", release_counter: 1 };

export async function filesOf(folder) {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))])),
  );
}

/** Makes PEFT folders and packages below a folder, each once. */
export class Workshop {
  #root;
  #made = new Map();

  constructor(root) {
    this.#root = root;
  }

  async #once(name, make) {
    if (!this.#made.has(name)) {
      const path = join(this.#root, name);
      await make(path);
      this.#made.set(name, path);
    }
    return this.#made.get(name);
  }

  peft(kind, dtype, rank = 16, seed = 42) {
    return this.#once(`peft-${kind}-${dtype}-${rank}-${seed}`, (path) =>
      writePeftFolder(path, { kind, dtype, rank, seed }),
    );
  }

  /** `options` of packExpert, over those of all packages: signed by a signer whom the root vouches for. */
  package(kind, dtype, options = {}, seed = 42) {
    return this.#once(
      `${kind}-${dtype}-${seed}-${Object.values(options).join("-")}.expert`,
      async (path) => {
        const files = await filesOf(await this.peft(kind, dtype, 16, seed));
        const { chain } = options.version === 1 ? {} : signing; // it has no place for one
        const { bytes } = await packExpert(files, { ...signing, chain, metadata, ...options });
        await writeFile(path, bytes);
      },
    );
  }
}

export async function sizeOf(path) {
  return (await stat(path)).size;
}
