// A start that fails is not remembered. The package is one that has not started yet.

import { afterEach, expect, jest, test } from "@jest/globals";
import { thrownBy } from "../support/errors.js";
import { tinyGguf } from "../support/gguf.js";

afterEach(() => {
  jest.restoreAllMocks();
});

test("a module that cannot be compiled is StartFailed, and is tried again", async () => {
  jest.resetModules();
  const fresh = await import("andon");
  const broken = new Error("no WebAssembly today");
  jest.spyOn(WebAssembly, "compile").mockRejectedValueOnce(broken);
  const options = { kind: "language-model", threads: 1 } as const;
  expect(await thrownBy(() => fresh.open(tinyGguf(), options))).toMatchObject({
    code: "StartFailed",
    cause: broken,
  });
  (await fresh.open(tinyGguf(), options)).dispose();
});
