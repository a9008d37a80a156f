import { jest } from "@jest/globals";

/** A core as seen from outside. */
export interface WatchedCore {
  memory: WebAssembly.Memory;
  /** The functions that it calls through pointers. */
  table: WebAssembly.Table;
}

/** The cores that are started from now on, in order. */
export function watchCores(): WatchedCore[] {
  const cores: WatchedCore[] = [];
  const instantiate = WebAssembly.instantiate as (
    module: WebAssembly.Module,
    imports?: WebAssembly.Imports,
  ) => Promise<WebAssembly.Instance>;
  jest
    .spyOn(WebAssembly, "instantiate")
    .mockImplementation(async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
      const instance = await instantiate(module, imports);
      const items = Object.values(instance.exports);
      const memory = items.find((item) => item instanceof WebAssembly.Memory);
      const table = items.find((item) => item instanceof WebAssembly.Table);
      if (memory === undefined || table === undefined) throw new Error("the exports have changed");
      cores.push({ memory, table });
      return instance;
    });
  return cores;
}
