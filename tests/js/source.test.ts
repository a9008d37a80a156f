import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { open, type ModelSource, type Progress } from "andon";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { codeOf, errorOf, thrownBy } from "./support/errors.js";
import { homes, regressionFile } from "./support/models.js";
import { hanging, inPieces } from "./support/streams.js";

let bytes: Uint8Array<ArrayBuffer>;
let folder: string;
let path: string;
let server: Server;
let site: string;

beforeAll(async () => {
  bytes = Uint8Array.from(await regressionFile());
  folder = await mkdtemp(join(tmpdir(), "andon-source-"));
  path = join(folder, "model.aprender");
  await writeFile(path, bytes);
  server = createServer((request, response) => {
    if (request.url === "/model") response.end(bytes);
    else if (request.url === "/empty") response.writeHead(204).end();
    else if (request.url !== "/never") response.writeHead(404).end("no such model");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** Bytes that lie within a larger buffer. */
function within(content: Uint8Array): Uint8Array {
  const larger = new Uint8Array(content.length + 20);
  larger.set(content, 7);
  return larger.subarray(7, 7 + content.length);
}

describe.each(homes)("%s", (_, openHere) => {
  const sources: [string, () => ModelSource | Promise<ModelSource>][] = [
    ["a path", () => path],
    ["the text of a file: URL", () => pathToFileURL(path).href],
    ["a file: URL", () => pathToFileURL(path)],
    ["the text of an http: URL", () => `${site}/model`],
    ["an http: URL", () => new URL("/model", site)],
    ["a data: URL", () => `data:;base64,${Buffer.from(bytes).toString("base64")}`],
    ["a Buffer", () => Buffer.from(bytes)],
    ["a Uint8Array within a larger buffer", () => within(bytes)],
    ["an ArrayBuffer", () => bytes.slice().buffer],
    ["a Blob", () => new Blob([bytes])],
    ["a File", () => new File([bytes], "model.aprender")],
    ["a Response from the network", () => fetch(`${site}/model`)],
    ["a Response made here", () => new Response(bytes)],
    ["a ReadableStream", () => new Blob([bytes]).stream() as ReadableStream<Uint8Array>],
    ["an async iterable", () => inPieces(bytes, 100)],
    ["an iterable", () => [bytes.slice(0, 50), new Uint8Array(), bytes.slice(50)]],
  ];
  test.each(sources)("opens %s", async (_name, make) => {
    const model = await openHere(await make());
    expect(await model.predict([1, 1])).toEqual({ prediction: -0.5 });
    model.dispose();
  });

  test("leaves the caller's bytes as they were", async () => {
    const mine = bytes.slice();
    (await openHere(mine)).dispose();
    expect(mine).toEqual(bytes);
  });

  test("reports progress up to the whole", async () => {
    const seen: Progress[] = [];
    const onProgress = (progress: Progress): void => void seen.push(progress);
    (await openHere(inPieces(bytes, 300), { onProgress })).dispose();
    expect(seen.length).toBe(Math.ceil(bytes.length / 300));
    expect(seen[0]).toEqual({ loaded: 300, total: undefined });
    expect(seen.at(-1)).toEqual({ loaded: bytes.length, total: undefined });

    seen.length = 0;
    (await openHere(path, { onProgress })).dispose();
    expect(seen).toEqual([{ loaded: bytes.length, total: bytes.length }]);
  });

  test("a file above the caller's limit is FileTooLarge, before it is read", async () => {
    const onProgress = jest.fn();
    const maxBytes = bytes.length - 1;
    expect(await codeOf(() => openHere(path, { maxBytes, onProgress }))).toBe("FileTooLarge");
    expect(onProgress).not.toHaveBeenCalled();
    (await openHere(path, { maxBytes: bytes.length })).dispose();
  });

  test("a stream above the caller's limit is FileTooLarge, and let go", async () => {
    const cancelled = jest.fn();
    const act = () => openHere(hanging(bytes, cancelled), { maxBytes: bytes.length - 1 });
    expect(await codeOf(act)).toBe("FileTooLarge");
    expect(cancelled).toHaveBeenCalledTimes(1);
  });

  test("an abort while the source hangs rejects with the reason, and lets it go", async () => {
    const abort = new AbortController();
    const cancelled = jest.fn();
    const reason = new Error("enough");
    const onProgress = (): void => {
      setTimeout(() => {
        abort.abort(reason);
      });
    };
    const act = () => openHere(hanging(bytes, cancelled), { signal: abort.signal, onProgress });
    expect(await thrownBy(act)).toBe(reason);
    expect(cancelled).toHaveBeenCalledTimes(1);
  });

  test("an abort during verification rejects with the reason", async () => {
    const abort = new AbortController();
    const onProgress = (): void => {
      abort.abort();
    };
    const thrown = await thrownBy(() => openHere(bytes, { signal: abort.signal, onProgress }));
    expect(thrown).toMatchObject({ name: "AbortError" });
  });

  test("what onProgress throws is passed on", async () => {
    const mine = new Error("mine");
    const onProgress = (): void => {
      throw mine;
    };
    expect(await thrownBy(() => openHere(bytes, { onProgress }))).toBe(mine);
  });
});

test("a signal that was aborted before rejects with its reason, and nothing is read", async () => {
  const read = jest.fn<() => AsyncIterator<Uint8Array>>();
  const source = { [Symbol.asyncIterator]: read };
  const thrown = await thrownBy(() => open(source, { signal: AbortSignal.abort() }));
  expect(thrown).toMatchObject({ name: "AbortError" });
  expect(read).not.toHaveBeenCalled();
});

test("an abort while a server is silent rejects with an AbortError", async () => {
  const signal = AbortSignal.timeout(20);
  expect(await thrownBy(() => open(`${site}/never`, { signal }))).toBe(signal.reason);
});

test("a signal that stays quiet is left without listeners", async () => {
  const { signal } = new AbortController();
  const added = jest.spyOn(signal, "addEventListener");
  const removed = jest.spyOn(signal, "removeEventListener");
  (await open(bytes, { signal })).dispose();
  expect(added).toHaveBeenCalled();
  expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
});

describe("SourceUnreadable", () => {
  const broken = new Error("the disk is on fire");
  const fails: [string, () => ModelSource | Promise<ModelSource>][] = [
    ["a path where nothing is", () => join(folder, "nothing")],
    ["a folder", () => folder],
    ["a file: URL where nothing is", () => pathToFileURL(join(folder, "nothing"))],
    ["a URL with a status of failure", () => `${site}/nothing`],
    ["a URL that no server answers", () => "http://127.0.0.1:9/model"],
    ["a scheme that is unknown", () => "gopher://example.invalid/model"],
    ["a text that only looks like a URL", () => "http://"],
    ["a Response of failure", () => new Response("gone", { status: 410 })],
    [
      "a Response that was read before",
      async () => {
        const response = new Response(bytes);
        await response.arrayBuffer();
        return response;
      },
    ],
    [
      "a stream that is locked",
      () => {
        const stream = new Blob([bytes]).stream();
        stream.getReader();
        return stream as ReadableStream<Uint8Array>;
      },
    ],
    [
      "an iterable that throws",
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(broken) }) }),
    ],
  ];
  test.each(fails)("%s", async (_name, make) => {
    const error = await errorOf(async () => open(await make()));
    expect(error.code).toBe("SourceUnreadable");
    expect(error.cause).toHaveProperty("message");
    expect(error.verdict).toBeUndefined();
  });
});

describe("InvalidArgument", () => {
  const odd: [string, unknown][] = [
    ["a number", 1],
    ["null", null],
    ["nothing", undefined],
    ["a plain object", {}],
    ["an iterable of texts", ["PK"]],
    ["a stream of texts", new Response("PK").body?.pipeThrough(new TextDecoderStream())],
  ];
  test.each(odd)("the source is %s", async (_name, source) => {
    expect(await codeOf(() => open(source as ModelSource))).toBe("InvalidArgument");
  });

  test.each([-1, NaN, "many" as unknown as number])("maxBytes is %s", async (maxBytes) => {
    expect(await codeOf(() => open(bytes, { maxBytes }))).toBe("InvalidArgument");
  });
});

test("a response without content is UnknownFormat, not an empty model", async () => {
  expect(await codeOf(() => open(`${site}/empty`))).toBe("UnknownFormat");
});
