import { jest } from "@jest/globals";

/** The memories of the cores that are started from now on, in order. */
export function watchMemories(): WebAssembly.Memory[] {
  const memories: WebAssembly.Memory[] = [];
  const instantiate = WebAssembly.instantiate as (
    module: WebAssembly.Module,
    imports?: WebAssembly.Imports,
  ) => Promise<WebAssembly.Instance>;
  jest
    .spyOn(WebAssembly, "instantiate")
    .mockImplementation(async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
      const instance = await instantiate(module, imports);
      for (const item of Object.values(instance.exports)) {
        if (item instanceof WebAssembly.Memory) memories.push(item);
      }
      return instance;
    });
  return memories;
}
