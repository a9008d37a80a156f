import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { open, type Expert, type ModelSource } from "andon";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf, thrownBy } from "./support/errors.js";
import { expertFile, valueOf } from "./support/experts.js";
import { regressionFile } from "./support/models.js";
import { collect, inPieces } from "./support/streams.js";

let file: Uint8Array<ArrayBuffer>;
let model: Uint8Array;
let folder: string;
let path: string;
let server: Server;
let site: string;
const requests: (string | undefined)[] = []; // their ranges

/** How the server answers a range request, by the path of the URL. */
const answers: Record<string, (response: ServerResponse, from: number, to: number) => void> = {
  "/ranges": (response, from, to) => {
    partial(response, from, to);
  },
  "/model": (response, from, to) => {
    partial(response, from, to, { content: model });
  },
  "/whole": (response) => {
    response.end(file);
  },
  "/nameless": (response) => {
    response.writeHead(206).end(file.subarray(0, 10)); // of what, it does not say
  },
  "/changed": (response, from, to) => {
    partial(response, from, to, { etag: `"${from === 0 ? "one" : "other"}"` });
  },
  "/grown": (response, from, to) => {
    partial(response, from, to, { total: file.length + (from === 0 ? 0 : 1) });
  },
  "/forgets": (response, from, to) => {
    if (from === 0) partial(response, from, to);
    else response.end(file);
  },
  "/gone": (response, from, to) => {
    if (from === 0) partial(response, from, to);
    else response.writeHead(404).end();
  },
  "/shifted": (response, from, to) => {
    partial(response, from, to, { stated: from === 0 ? 0 : from + 1 });
  },
  "/short": (response, from, to) => {
    partial(response, from, from === 0 ? to : to - 1);
  },
  "/long": (response, from, to) => {
    partial(response, from, from === 0 ? to : to + 1);
  },
};

interface Answer {
  content?: Uint8Array;
  etag?: string;
  total?: number;
  stated?: number;
}

function partial(response: ServerResponse, from: number, to: number, answer: Answer = {}): void {
  const { content = file, etag = '"one"', total = content.length, stated = from } = answer;
  const end = Math.min(to + 1, content.length);
  response
    .writeHead(206, { "content-range": `bytes ${stated}-${end - 1}/${total}`, etag })
    .end(content.subarray(from, end));
}

beforeAll(async () => {
  file = await expertFile(80, { codec: "none" });
  model = await regressionFile();
  folder = await mkdtemp(join(tmpdir(), "andon-expert-"));
  path = join(folder, "sample.expert");
  await writeFile(path, file);
  server = createServer((request, response) => {
    requests.push(request.headers.range);
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const to = range?.[2] === "" ? file.length - 1 : Number(range?.[2]);
    if (range === null) response.end(file);
    else answers[request.url ?? ""]?.(response, Number(range[1]), to);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const openExpert = (source: ModelSource): Promise<Expert> => open(source, { kind: "expert" });

describe.each<[string, () => ModelSource | Promise<ModelSource>]>([
  ["a path", () => path],
  ["an http: URL with ranges", () => `${site}/ranges`],
  ["an http: URL without ranges", () => `${site}/whole`],
  ["an http: URL whose ranges are nameless", () => `${site}/nameless`],
  ["a Uint8Array", () => file],
  ["a Blob", () => new Blob([file])],
  ["a Response", () => fetch(`${site}/whole`)],
  ["a stream in small pieces", () => inPieces(file, 777)],
  ["an iterable that uses its buffer again", () => reused(file)],
])("%s", (_, make) => {
  test("gives layers in any order, and every byte", async () => {
    const expert = await openExpert(await make());
    expect((await expert.layer(79)).modules[0]?.tensors.a?.values[1]).toBe(valueOf(79, 1));
    expect((await expert.layer(0)).modules[0]?.tensors.a?.values[1]).toBe(valueOf(0, 1));
    expect(await collect(expert.layers())).toHaveLength(80);
    expect((await expert.verifyIntegrity()).integrity).toBe("ok");
    expert.dispose();
  });
});

function* reused(bytes: Uint8Array): Generator<Uint8Array> {
  const buffer = new Uint8Array(1000);
  for (let at = 0; at < bytes.length; at += buffer.length) {
    const piece = bytes.subarray(at, at + buffer.length);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

test("a server is asked for the start, then for one range a section", async () => {
  requests.length = 0;
  const expert = await openExpert(`${site}/ranges`);
  expect(requests).toEqual(["bytes=0-65535"]);
  await expert.layer(0); // came with the start
  expect(requests).toHaveLength(1);
  await expert.layer(79);
  expect(requests).toHaveLength(2);
  expert.dispose();
});

test("a model that fits into the first answer takes one request", async () => {
  requests.length = 0;
  (await open(`${site}/model`, { kind: "model" })).dispose();
  expect(requests).toEqual(["bytes=0-65535"]);
});

describe("a server", () => {
  /** The last layer lies after the first answer. */
  const last = async (name: string): Promise<string> => {
    const expert = await openExpert(`${site}/${name}`);
    try {
      return await codeOf(() => expert.layer(79));
    } finally {
      expert.dispose();
    }
  };

  test.each(["changed", "grown", "forgets"])("that %s is SourceChanged", async (name) => {
    expect(await last(name)).toBe("SourceChanged");
  });

  test.each(["gone", "shifted", "short", "long"])("with %s is SourceUnreadable", async (name) => {
    expect(await last(name)).toBe("SourceUnreadable");
  });
});

test("a file that changes is SourceChanged", async () => {
  const mine = join(folder, "mine.expert");
  await writeFile(mine, file);
  const expert = await openExpert(mine);
  expect((await expert.layer(0)).layer).toBe(0);
  await appendFile(mine, "more");
  expect(await codeOf(() => expert.layer(1))).toBe("SourceChanged");
  expert.dispose();
});

test("a stream serves what has come before the rest is there", async () => {
  let release: (() => void) | undefined;
  const rest = new Promise<void>((resolve) => (release = resolve));
  const half = Math.floor(file.length / 2);
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield file.subarray(0, half);
    await rest;
    yield file.subarray(half);
  }
  const expert = await openExpert(slow());
  expect((await expert.layer(0)).layer).toBe(0);
  const coming = expert.layer(79);
  release?.();
  expect((await coming).layer).toBe(79);
  expert.dispose();
});

test("a stream that ends early is SourceUnreadable where it is needed", async () => {
  const expert = await openExpert([file.subarray(0, file.length - 1)]);
  expect((await expert.layer(0)).layer).toBe(0);
  expect(await codeOf(() => expert.verifyIntegrity())).toBe("SourceUnreadable");
  expert.dispose();
});

test("a stream that goes on is ExpertTrailingData when all of it is verified", async () => {
  const expert = await openExpert([file, new Uint8Array(1)]);
  expect(await codeOf(() => expert.verifyIntegrity())).toBe("ExpertTrailingData");
  expert.dispose();
});

test("the signal of opening does not end what comes later", async () => {
  const abort = new AbortController();
  const expert = await open(`${site}/whole`, { kind: "expert", signal: abort.signal });
  abort.abort();
  expect((await expert.layer(79)).layer).toBe(79);
  expert.dispose();
});

test("an abort while a server is silent rejects with its reason", async () => {
  const abort = new AbortController();
  setTimeout(() => {
    abort.abort(new Error("enough"));
  }, 20);
  const thrown = await thrownBy(() => open(`${site}/never`, { signal: abort.signal }));
  expect(thrown).toMatchObject({ message: "enough" });
});
