// What the platform hashes of the files of a model on their way into the core, faster than that can.

import { platform } from "#platform";
import type { Hasher } from "../platform/platform.js";

/** As src/crypto/piece_hash.h has it. */
const pieceBytes = 1 << 20;

/** 32 bytes each; `undefined`: the core is to hash. */
export interface FileDigests {
  pieces: Uint8Array | undefined;
  sha256: Uint8Array | undefined;
}

/** Of one file. */
export class FileHashing {
  readonly #pieces = PieceHashing.here();
  readonly #sha256: Hasher | undefined;

  /** `needsSha256`: its own as well. */
  constructor(needsSha256: boolean) {
    this.#sha256 = needsSha256 ? platform.newHasher?.() : undefined;
  }

  /** What is hashed here. */
  get here(): { pieces: boolean; sha256: boolean } {
    return { pieces: this.#pieces !== undefined, sha256: this.#sha256 !== undefined };
  }

  /** The next bytes, which may change once the promise is fulfilled. */
  async update(bytes: Uint8Array): Promise<void> {
    this.#sha256?.update(bytes);
    await this.#pieces?.update(bytes);
  }

  async digests(): Promise<FileDigests> {
    return { pieces: await this.#pieces?.digest(), sha256: this.#sha256?.digest() };
  }
}

/** The SHA-256 of the SHA-256s of pieces: what needs no stream, as Web Cryptography has none. */
class PieceHashing {
  readonly #piece = new Uint8Array(pieceBytes);
  #filled = 0;
  readonly #digests: Uint8Array[] = [];
  /** One piece is hashed while the next one is read. */
  #underWay: Promise<void> = Promise.resolve();

  /** Where the platform hashes at all. */
  static here(): PieceHashing | undefined {
    return platform.sha256(new Uint8Array()) === undefined ? undefined : new PieceHashing();
  }

  async update(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + pieceBytes - this.#filled);
      at += part.length;
      if (part.length === pieceBytes) await this.#add(part);
      else await this.#fill(part);
    }
  }

  async digest(): Promise<Uint8Array> {
    if (this.#filled > 0) await this.#add(this.#piece.subarray(0, this.#filled));
    await this.#underWay;
    const all = new Uint8Array(this.#digests.flatMap((digest) => [...digest]));
    return sha256(all);
  }

  async #fill(part: Uint8Array): Promise<void> {
    this.#piece.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled < pieceBytes) return;
    this.#filled = 0;
    await this.#add(this.#piece);
  }

  /** `piece` is hashed as it is now. */
  async #add(piece: Uint8Array): Promise<void> {
    const before = this.#underWay;
    const digest = sha256(piece);
    this.#underWay = before.then(async () => {
      this.#digests.push(await digest);
    });
    await before;
  }
}

/** Of the bytes as they are now. REQUIRES: the platform hashes. */
const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  (await platform.sha256(bytes)) as Uint8Array;
