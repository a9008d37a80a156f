import { expertOpfs } from "./expert-opfs.js";
import { trustDatabase } from "./trust-database.js";
import type { Platform, WasmName } from "./platform.js";
import { portOf, type DedicatedScope } from "./web-port.js";

// Spelled out, as bundlers look for them; made when asked for, as they may give a page no URL of its own.
const urls: Record<WasmName, () => URL> = {
  andon: () => new URL("../wasm/andon.wasm", import.meta.url),
  "andon-pack": () => new URL("../wasm/andon-pack.wasm", import.meta.url),
  "andon-text": () => new URL("../wasm/andon-text.wasm", import.meta.url),
  "andon-text-relaxed": () => new URL("../wasm/andon-text-relaxed.wasm", import.meta.url),
  "andon-text-threads": () => new URL("../wasm/andon-text-threads.wasm", import.meta.url),
  "andon-text-relaxed-threads": () =>
    new URL("../wasm/andon-text-relaxed-threads.wasm", import.meta.url),
};

async function compile(name: WasmName): Promise<WebAssembly.Module> {
  const response = await fetch(urls[name]());
  if (!response.ok) throw new Error(`${response.url} answered with status ${response.status}`);
  // Streaming needs the media type of WebAssembly, which not every server sends.
  return response.headers.get("content-type") === "application/wasm"
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** Pages that were not served securely have no WebCrypto. */
function sha256(bytes: Uint8Array): Promise<Uint8Array> | undefined {
  const { subtle } = globalThis.crypto as { subtle?: SubtleCrypto };
  const digest = subtle?.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return digest?.then((buffer) => new Uint8Array(buffer));
}

export const platform: Platform = {
  sha256,
  // A worker is off the page's main thread already.
  workerByDefault: typeof document !== "undefined",
  compile,
  openPath: (path, fetchUrl) => fetchUrl(path),
  get processors() {
    return navigator.hardwareConcurrency;
  },
  noThreads: globalThis.crossOriginIsolated ? undefined : "the page is not cross-origin isolated",
  modelFolders: undefined,
  newHasher: undefined,
  trustStorage: trustDatabase,
  expertStorage: expertOpfs,
  workerScope: () => portOf(globalThis as unknown as DedicatedScope),
};
