// Where a language model may come from, and what is refused on the way.

import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import {
  issueRevocationList,
  memoryTrustStore,
  open,
  openInThread,
  openLanguageModel,
  type ModelSource,
} from "andon";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { codeOf, errorOf, thrownBy } from "../support/errors.js";
import { tinyGguf } from "../support/gguf.js";
import { regressionFile } from "../support/models.js";
import { seedOf } from "../support/keys.js";
import { hanging, inPieces } from "../support/streams.js";

const bytes = tinyGguf();
const sha256 = createHash("sha256").update(bytes).digest("hex");
/** Less than a piece: the SHA-256 of its SHA-256. */
const fingerprint = createHash("sha256").update(Buffer.from(sha256, "hex")).digest("hex");
const kind = "language-model";
const threads = 1;

let folder: string;
let path: string;
let server: Server;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "andon-text-"));
  path = join(folder, "tiny.gguf");
  await writeFile(path, bytes);
  server = createServer((request, response) => {
    if (request.url === "/chunked") response.write(bytes.subarray(0, 100));
    else response.setHeader("content-length", bytes.length);
    response.end(request.url === "/chunked" ? bytes.subarray(100) : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

describe("a source", () => {
  const sources: [string, () => ModelSource | Promise<ModelSource>][] = [
    ["a path", () => path],
    ["a file: URL", () => pathToFileURL(path)],
    ["the text of a file: URL", () => pathToFileURL(path).href],
    ["a URL", () => new URL("tiny.gguf", url)],
    ["a URL without a length", () => `${url}chunked`],
    ["bytes", () => bytes],
    ["an ArrayBuffer", () => Uint8Array.from(bytes).buffer],
    ["a Blob", () => new Blob([Uint8Array.from(bytes)])],
    ["a Response", () => fetch(url)],
    ["a stream", () => new Blob([Uint8Array.from(bytes)]).stream()],
    ["an iterable", () => inPieces(bytes, 10_000)],
  ];
  test.each(sources)("may be %s, with kind and without", async (_, source) => {
    for (const options of [{ kind, threads } as const, { threads }]) {
      const model = await open(await source(), options);
      if (model.kind !== kind) throw new Error(model.kind);
      expect(model.description.fingerprint).toBe(fingerprint);
      expect(await model.generate("Once", { maxTokens: 2 }).text()).not.toBe("");
      model.dispose();
    }
  });

  test("tells how far it is", async () => {
    for (const source of [path, bytes]) {
      const seen: number[] = [];
      const model = await open(source, {
        kind,
        threads,
        onProgress: ({ loaded, total }) => {
          expect(total).toBe(bytes.length);
          seen.push(loaded);
        },
      });
      model.dispose();
      expect(seen.at(-1)).toBe(bytes.length);
    }
  });

  test("that cannot be read is SourceUnreadable", async () => {
    const missing = join(folder, "missing.gguf");
    expect(await codeOf(() => open(missing, { kind }))).toBe("SourceUnreadable");
    expect(await codeOf(() => open(new Response("", { status: 404 }), { kind }))).toBe(
      "SourceUnreadable",
    );
    const empty = join(folder, "empty.gguf");
    await writeFile(empty, "");
    expect(await codeOf(() => open(empty, { kind }))).toBe("GgufTruncated");
  });

  test("of another kind is KindMismatch or UnknownFormat", async () => {
    const classic = await regressionFile();
    expect(await codeOf(() => open(classic, { kind }))).toBe("UnknownFormat");
    expect(await codeOf(() => open(bytes, { kind: "model" }))).toBe("KindMismatch");
    expect(await codeOf(() => open(bytes, { kind: "expert" }))).toBe("KindMismatch");
    expect(await codeOf(() => openInThread(bytes))).toBe("KindMismatch");
    expect(await codeOf(() => open(folder, { kind: "model" }))).toBe("KindMismatch");
  });

  test("that is cut off or damaged is refused, and its worker ends", async () => {
    const ended = jest.spyOn(Worker.prototype, "terminate");
    expect(await codeOf(() => open(bytes.subarray(0, 1000), { kind }))).toBe("GgufArray");
    expect(ended).toHaveBeenCalledTimes(1);
    expect(await codeOf(() => open(bytes.subarray(0, -32), { kind }))).toBe("GgufTensorPlace");
    ended.mockRestore();
  });

  test("of an architecture that does not run is refused by its name", async () => {
    const error = await errorOf(() => open(tinyGguf({ architecture: "mamba" }), { kind }));
    expect(error.code).toBe("UnsupportedArchitecture");
    expect(error.message).toContain("mamba");
  });
});

describe("limits", () => {
  test("a file beyond maxBytes is FileTooLarge before it is read", async () => {
    for (const source of [path, bytes]) {
      expect(await codeOf(() => open(source, { kind, maxBytes: 1000 }))).toBe("FileTooLarge");
    }
  });

  test("weights beyond maxMemory are OutOfMemory", async () => {
    expect(await codeOf(() => open(path, { kind, maxMemory: 1000 }))).toBe("OutOfMemory");
  });

  test.each([0, 1.5, -1, NaN])("%p threads are InvalidArgument", async (count) => {
    expect(await codeOf(() => open(path, { kind, threads: count }))).toBe("InvalidArgument");
  });
});

describe("hashes", () => {
  const wrong = "0".repeat(64);

  test("a file that has its SHA-256 opens, another is FileHash", async () => {
    for (const source of [path, bytes]) {
      const model = await open(source, { kind, threads, sha256 });
      expect(model.description.sha256).toBe(sha256);
      model.dispose();
      expect(await codeOf(() => open(source, { kind, sha256: wrong }))).toBe("FileHash");
    }
  });

  test("nobody asked for are not computed", async () => {
    for (const source of [path, bytes]) {
      const opened = await Promise.all(
        [false, true].map((computeSha256) => open(source, { kind, threads, computeSha256 })),
      );
      const found = opened.map(({ description }) => description);
      expect(found[0]).toMatchObject({ sha256: null, files: [{ sha256: null }], fingerprint });
      expect(found[1]).toMatchObject({ sha256, files: [{ sha256 }], fingerprint });
      for (const model of opened) model.dispose();
    }
  });

  test("are computed for revocation lists, which name files by them", async () => {
    const revoked = await issueRevocationList(
      { number: 1, entries: [{ kind: "file", id: sha256 }] },
      seedOf(1),
    );
    const model = await open(path, { kind, threads, revocationLists: [revoked] });
    expect(model.description.sha256).toBe(sha256);
    model.dispose();
  });

  test("are the same in pieces of any cut, whoever hashes", async () => {
    const large = tinyGguf({ width: 16 });
    expect(large.length).toBeGreaterThan(2 << 20);
    const count = Math.ceil(large.length / (1 << 20));
    const pieces = Array.from({ length: count }, (_, i) => large.subarray(i << 20, (i + 1) << 20));
    const digest = (piece: Uint8Array) => createHash("sha256").update(piece).digest();
    const expected = digest(Buffer.concat(pieces.map(digest))).toString("hex");
    for (const source of [large, new Blob([Uint8Array.from(large)]), inPieces(large, 700_001)]) {
      const model = await open(source, { kind, threads });
      expect(model.description.fingerprint).toBe(expected);
      model.dispose();
    }
  });

  test("may come by names, and as the lines of a manifest", async () => {
    const manifest = new TextEncoder().encode(`${sha256}  tiny.gguf\n${wrong} *other.gguf\n`);
    for (const hashes of [{ sha256: { "tiny.gguf": sha256 } }, { manifest }]) {
      (await open(path, { kind, threads, ...hashes })).dispose();
    }
    const bad = new TextEncoder().encode(`${wrong}  tiny.gguf\n`);
    expect(await codeOf(() => open(path, { kind, manifest: bad }))).toBe("FileHash");
  });

  test("a manifest beside the file counts by itself", async () => {
    const beside = join(folder, "pinned.gguf");
    await writeFile(beside, bytes);
    await writeFile(`${beside}.sha256`, `${wrong}  pinned.gguf\n`);
    expect(await codeOf(() => open(beside, { kind }))).toBe("FileHash");
    await writeFile(`${beside}.sha256`, `${sha256}  pinned.gguf\n`);
    (await open(beside, { kind, threads })).dispose();
  });

  test("a hash that is none is InvalidArgument", async () => {
    expect(await codeOf(() => open(path, { kind, sha256: "abc" }))).toBe("InvalidArgument");
  });

  test("a manifest that is none is ModelChecksums", async () => {
    const manifest = new TextEncoder().encode("tiny.gguf\n");
    expect(await codeOf(() => open(path, { kind, manifest }))).toBe("ModelChecksums");
  });

  test("a manifest that cannot be read is SourceUnreadable", async () => {
    const manifest = join(folder, "missing.sha256");
    expect(await codeOf(() => open(path, { kind, manifest }))).toBe("SourceUnreadable");
  });

  test("are no promise about other kinds of file", async () => {
    const classic = await regressionFile();
    expect(await codeOf(() => open(classic, { sha256 }))).toBe("InvalidArgument");
  });
});

describe("trust", () => {
  test("the verdict says that the file is intact and not signed", async () => {
    const model = await open(path, { kind, threads });
    expect(model.verdict).toMatchObject({ integrity: "ok", signature: "none", trust: "unknown" });
    expect(model.verdict.reasons).toEqual(["Files of language models carry no signature."]);
    model.dispose();
  });

  test("who trusts keys alone refuses a file without a signature", async () => {
    const trust = memoryTrustStore();
    const error = await errorOf(() => open(path, { kind, trust }));
    expect(error).toMatchObject({ code: "SignatureMissing", verdict: { integrity: "ok" } });
    (await open(path, { kind, threads, trust, allowUnsigned: true })).dispose();
  });
});

describe("an abort", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test("rejects with the reason, and ends the worker", async () => {
    const ended = jest.spyOn(Worker.prototype, "terminate");
    const abort = new AbortController();
    const onProgress = (): void => {
      abort.abort();
    };
    const options = { kind, signal: abort.signal, onProgress } as const;
    expect(await thrownBy(() => open(path, options))).toBe(abort.signal.reason);
    expect(ended).toHaveBeenCalledTimes(1);
    ended.mockRestore();
  });

  test("of a source that hangs cancels it", async () => {
    const cancelled = jest.fn();
    const abort = new AbortController();
    const source = new Response(hanging(bytes.subarray(0, 2000), cancelled), {
      headers: { "content-length": String(bytes.length) },
    });
    const onProgress = (): void => {
      setTimeout(() => {
        abort.abort();
      });
    };
    const opening = thrownBy(() => open(source, { kind, signal: abort.signal, onProgress }));
    expect(await opening).toBe(abort.signal.reason);
    expect(cancelled).toHaveBeenCalled();
  });

  test("before anything begins starts no worker", async () => {
    const posted = jest.spyOn(Worker.prototype, "postMessage");
    const signal = AbortSignal.abort();
    expect(await thrownBy(() => open(path, { kind, signal }))).toBe(signal.reason);
    expect(posted).not.toHaveBeenCalled();
    posted.mockRestore();
  });
});

describe("several files", () => {
  test("that are one GGUF file and a README are a model", async () => {
    const model = await openLanguageModel({ "tiny.gguf": bytes }, { threads });
    expect(model.description.name).toBe("tiny");
    model.dispose();
  });

  test("one hash for several files is InvalidArgument", async () => {
    const files = { "a-00001-of-00002.gguf": bytes, "a-00002-of-00002.gguf": bytes };
    expect(await codeOf(() => openLanguageModel(files, { sha256 }))).toBe("InvalidArgument");
  });

  test("none are ModelFiles", async () => {
    expect(await codeOf(() => openLanguageModel({}))).toBe("ModelFiles");
  });
});
