// The web's half of the package, with the parts of a page that Node.js lacks made here.
// e2e/ and tests/package run it in a browser.

import { afterEach, expect, jest, test } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Worker as NodeWorker } from "node:worker_threads";
import { thrownBy } from "../support/errors.js";
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
    this.inner.on("message", (data: unknown) => {
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

// From build/tests-js/js/platform.
const platformFile = (name: string): string =>
  fileURLToPath(new URL(`../../../../dist/platform/${name}.js`, import.meta.url));

type WebThreads = typeof import("../../../dist/platform/web-threads.js");
type Page = Record<string, unknown>;

/** The package as a page loads it: `#platform` is the web's, and `globals` are there. */
async function inPage(globals: Page = {}): Promise<typeof import("andon")> {
  jest.resetModules();
  const page = { document: {}, Worker: PageWorker, ...globals };
  for (const [name, value] of Object.entries(page)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
    cleanUps.push(() => Reflect.deleteProperty(globalThis, name));
  }
  jest.unstable_mockModule("#platform", () => import(platformFile("web")) as Promise<object>);
  jest.unstable_mockModule(
    "#workers",
    () => import(platformFile("web-workers")) as Promise<object>,
  );
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
    const url = address instanceof Request ? address.url : address.toString();
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
  const model = await open("model.aprender", { kind: "model" });
  expect(await model.predict([1, 1])).toEqual({ prediction: -0.5 });
  expect(PageWorker.started).toMatchObject([{ options: { type: "module" } }]);
  expect(String(PageWorker.started[0]?.script)).toMatch(/^file:.*\/dist\/worker\.js$/);
  model.dispose();
});

test("in a worker of a page, the model runs in that worker", async () => {
  const file = await regressionFile();
  serveFiles(file);
  const { open } = await inPage({ document: undefined });
  const model = await open(file, { kind: "model" });
  expect(await model.predict([1, 1])).toEqual({ prediction: -0.5 });
  expect(PageWorker.started).toEqual([]);
  model.dispose();
});

test.each(["application/wasm", "application/octet-stream"])(
  "the core starts when served as %s",
  async (type) => {
    const file = await regressionFile();
    const streaming = jest.spyOn(WebAssembly, "compileStreaming");
    serveFiles(file, type);
    const { openInThread } = await inPage();
    (await openInThread(file)).dispose();
    expect(streaming).toHaveBeenCalledTimes(type === "application/wasm" ? 1 : 0);
  },
);

test("a core that the server does not have is StartFailed, then it starts", async () => {
  const file = await regressionFile();
  const fetched = serveFiles(file);
  const { open } = await inPage();
  fetched.mockResolvedValueOnce(new Response("not here", { status: 404 }));
  expect(await thrownBy(() => open(file))).toMatchObject({ code: "StartFailed" });
  (await open(file)).dispose();
});

test("a worker that reports an error is WorkerFailed", async () => {
  const file = await regressionFile();
  serveFiles(file);
  const { open } = await inPage();
  const model = await open(file, { kind: "model" });
  const [worker] = PageWorker.started;
  const call = thrownBy(() => model.predict([1, 1]));
  worker?.dispatchEvent(Object.assign(new Event("error"), { message: "out of luck" }));
  expect(await call).toMatchObject({ code: "WorkerFailed", message: "worker: out of luck" });
});

test("a page without workers is StartFailed", async () => {
  const file = await regressionFile();
  serveFiles(file);
  const { open } = await inPage({ Worker: undefined });
  expect(await thrownBy(() => open(file))).toMatchObject({ code: "StartFailed" });
});

interface Rules {
  createScriptURL: (url: string) => string;
}

test("Trusted Types: one policy named andon vouches for the worker's script alone", async () => {
  const file = await regressionFile();
  serveFiles(file);
  const createPolicy = jest.fn((_name: string, rules: Rules) => ({
    createScriptURL: (url: string) => ({ toString: () => rules.createScriptURL(url) }),
  }));
  const { open } = await inPage({ trustedTypes: { createPolicy } });
  (await open(file)).dispose();
  (await open(file)).dispose();
  expect(createPolicy).toHaveBeenCalledTimes(1);
  const [name, rules] = createPolicy.mock.calls[0] ?? [];
  expect(name).toBe("andon");
  const script = String(PageWorker.started[0]?.script);
  expect(typeof PageWorker.started[0]?.script).toBe("object");
  expect(rules?.createScriptURL(script)).toBe(script);
  expect(() => rules?.createScriptURL("https://example.invalid/worker.js")).toThrow(TypeError);
});

test("Trusted Types: a thread of a language model runs the glue of its build", async () => {
  const createPolicy = (_name: string, { createScriptURL }: Rules) => ({ createScriptURL });
  await inPage({ trustedTypes: { createPolicy } });
  const { startThread } = (await import(platformFile("web-threads"))) as WebThreads;
  const names = { plain: "andon-text-threads", relaxed: "andon-text-relaxed-threads" } as const;
  for (const simd of ["plain", "relaxed"] as const) {
    const thread = startThread(simd) as PageWorker;
    expect(String(thread.script)).toMatch(new RegExp(`/dist/wasm/${names[simd]}\\.mjs$`));
    expect(thread.options).toEqual({ type: "module", name: "em-pthread" });
    thread.terminate();
  }
});

test("Trusted Types: where the page does not allow the policy, it is StartFailed", async () => {
  const file = await regressionFile();
  serveFiles(file);
  const createPolicy = (): never => {
    throw new TypeError("Policy 'andon' disallowed");
  };
  const { open, openInThread } = await inPage({ trustedTypes: { createPolicy } });
  expect(await thrownBy(() => open(file))).toMatchObject({ code: "StartFailed" });
  (await openInThread(file)).dispose();
});
