// The web's half of the package, with the parts of a page that Node.js lacks made here.
// e2e/ and tests/package run it in a browser.

import { afterEach, expect, jest, test } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { Worker as NodeWorker } from "node:worker_threads";
import { codeOf, thrownBy } from "../support/errors.js";
import { regressionFile } from "../support/models.js";

/** A page's Worker over one of Node.js. */
class PageWorker extends EventTarget {
  static readonly started: PageWorker[] = [];
  readonly inner: NodeWorker;
  constructor(
    readonly script: unknown,
    readonly options: WorkerOptions,
  ) {
    super();
    PageWorker.started.push(this);
    this.inner = new NodeWorker(new URL(String(script)));
    this.inner.on("message", (data) => {
      this.dispatchEvent(new MessageEvent("message", { data }));
    });
  }
  postMessage(message: unknown, transfer: ArrayBuffer[]): void {
    this.inner.postMessage(message, transfer);
  }
  terminate(): void {
    void this.inner.terminate();
  }
}

type Page = Record<string, unknown>;

/** The package as a page loads it: `#platform` is the web's, and `globals` are there. */
async function inPage(globals: Page = {}): Promise<typeof import("andon")> {
  jest.resetModules();
  const page = { document: {}, Worker: PageWorker, ...globals };
  for (const [name, value] of Object.entries(page)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
    cleanUps.push(() => Reflect.deleteProperty(globalThis, name));
  }
  jest.unstable_mockModule("#platform", () => import("../../../dist/platform/web.js"));
  return import("andon");
}

const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  PageWorker.started.length = 0;
  jest.restoreAllMocks();
});

/** A server for the files of the package, and for one model. */
function serveFiles(file: Uint8Array, type = "application/wasm"): jest.Mock<typeof fetch> {
  const fetched = jest.fn<typeof fetch>(async (address) => {
    const url = String(address);
    if (url === "model.aprender") return new Response(Uint8Array.from(file));
    return new Response(await readFile(new URL(url)), { headers: { "content-type": type } });
  });
  jest.spyOn(globalThis, "fetch").mockImplementation(fetched);
  return fetched;
}

test("a page opens a relative URL, in a worker of the package's own script", async () => {
  const file = await regressionFile();
  serveFiles(file);
  const { open } = await inPage();
  const model = await open("model.aprender");
  expect(await model.predict([1, 1])).toEqual({ prediction: -0.5 });
  expect(PageWorker.started).toMatchObject([{ options: { type: "module" } }]);
  expect(String(PageWorker.started[0]?.script)).toMatch(/^file:.*\/dist\/worker\.js$/);
  model.dispose();
});
