// Files on a server: by range requests (RFC 9110, section 14) where it answers them, as a stream where
// it does not.

import { AndonError } from "./errors.js";
import { rangedSource, type Ranges } from "./ranged-source.js";
import type { Source } from "./source.js";
import { responsePieces, StreamSource, streamPieces, type Pieces } from "./stream-source.js";

/** The first request: the head of most experts, all of many models. */
const firstBytes = 64 * 1024;

/** What must stay the same from one answer to the next. */
interface Version {
  size: number;
  etag: string | null;
  lastModified: string | null;
}

export async function openHttp(url: string | URL, signal: AbortSignal): Promise<Source> {
  const response = await request(url, 0, firstBytes - 1, signal);
  if (response.status === 206) {
    const version = versionOf(response, 0);
    if (version !== undefined) return HttpRanges.open(url, response, version);
  } else if (response.status !== 416) {
    return new StreamSource(responsePieces(response));
  }
  // An empty file has no ranges (416), and a 206 that does not say of what is of no use.
  await response.body?.cancel();
  return new StreamSource(responsePieces(await fetch(url, { signal })));
}

function request(
  url: string | URL,
  from: number,
  to: number | undefined,
  signal?: AbortSignal,
): Promise<Response> {
  const headers = { range: `bytes=${from}-${to ?? ""}` };
  return fetch(url, signal === undefined ? { headers } : { headers, signal });
}

/** Of a partial answer that starts where it was asked to. Other origins may hide the headers. */
function versionOf(response: Response, from: number): Version | undefined {
  const { headers } = response;
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get("content-range") ?? "");
  if (range === null || Number(range[1]) !== from || headers.has("content-encoding")) {
    return undefined;
  }
  const size = Number(range[2]);
  if (!Number.isSafeInteger(size)) return undefined;
  return { size, etag: headers.get("etag"), lastModified: headers.get("last-modified") };
}

class HttpRanges implements Ranges {
  readonly size: number;
  readonly #url: string | URL;
  readonly #version: Version;
  readonly #first: Uint8Array;
  #rest: Pieces | undefined;

  private constructor(url: string | URL, version: Version, first: Uint8Array) {
    this.size = version.size;
    this.#url = url;
    this.#version = version;
    this.#first = first;
  }

  static async open(url: string | URL, response: Response, version: Version): Promise<Source> {
    const first = await exactly(bodyOf(response), Math.min(firstBytes, version.size));
    const ranges = new HttpRanges(url, version, first);
    return { ...rangedSource(ranges), next: ranges.pieces() };
  }

  async readAt(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const end = offset + length;
    if (end <= this.#first.length) return this.#first.subarray(offset, end);
    return exactly(await this.#request(offset, end - 1, signal), length);
  }

  /** All of the file, with one more request for what the first did not bring. */
  pieces(): () => Promise<Uint8Array | undefined> {
    let position = 0;
    return async () => {
      const first = this.#first.subarray(position);
      position = this.#first.length;
      if (first.length > 0) return first;
      if (this.size === this.#first.length) return undefined;
      this.#rest ??= await this.#request(position);
      return this.#rest.read();
    };
  }

  async close(): Promise<void> {
    await this.#rest?.close();
  }

  async #request(from: number, to?: number, signal?: AbortSignal): Promise<Pieces> {
    const response = await request(this.#url, from, to, signal);
    try {
      this.#requireSame(response, from);
    } catch (thrown) {
      await response.body?.cancel();
      throw thrown;
    }
    return bodyOf(response);
  }

  #requireSame(response: Response, from: number): void {
    if (!response.ok && response.status !== 416) {
      throw new Error(`${String(this.#url)} answered with status ${response.status}`);
    }
    const { size, etag, lastModified } = this.#version;
    const now = response.status === 206 ? versionOf(response, from) : undefined;
    if (response.status === 206 && now === undefined) {
      throw new Error(`${String(this.#url)} answered with another range than the one asked for`);
    }
    if (now?.size === size && now.etag === etag && now.lastModified === lastModified) return;
    throw new AndonError("SourceChanged", `source: ${String(this.#url)} changed while it was read`);
  }
}

function bodyOf(response: Response): Pieces {
  if (response.body === null) throw new Error(`${response.url} answered without content`);
  return streamPieces(response.body);
}

/** However much a server sends, no more than was asked for is taken. */
async function exactly(pieces: Pieces, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let position = 0;
  for (;;) {
    const piece = await pieces.read();
    if (piece === undefined) break;
    if (piece.length > length - position) {
      await pieces.close();
      throw new Error(`the server sent more than the ${length} bytes asked for`);
    }
    bytes.set(piece, position);
    position += piece.length;
  }
  if (position === length) return bytes;
  throw new Error(`the server sent ${position} of the ${length} bytes asked for`);
}
