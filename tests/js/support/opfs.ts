// A folder of the origin private file system (WHATWG File System), as far as a store of experts uses it, and the locks of
// a browser.

class FakeFile {
  bytes: Uint8Array = new Uint8Array();

  getFile(): Promise<Blob> {
    return Promise.resolve(new Blob([Uint8Array.from(this.bytes)]));
  }

  createWritable(): Promise<unknown> {
    let written: Uint8Array | undefined;
    return Promise.resolve({
      write: (content: string | Uint8Array) => {
        written = typeof content === "string" ? new TextEncoder().encode(content) : content;
        return FakeFolder.full ? Promise.reject(new Error("the disk is full")) : Promise.resolve();
      },
      close: () => {
        this.bytes = Uint8Array.from(written ?? []);
        return Promise.resolve();
      },
      abort: () => Promise.resolve(),
    });
  }
}

export class FakeFolder {
  /** Whether writing fails. */
  static full = false;
  readonly files = new Map<string, FakeFile>();
  readonly folders = new Map<string, FakeFolder>();

  getDirectoryHandle(name: string): Promise<FakeFolder> {
    const folder = this.folders.get(name) ?? new FakeFolder();
    this.folders.set(name, folder);
    return Promise.resolve(folder);
  }

  getFileHandle(name: string, { create = false } = {}): Promise<FakeFile> {
    const file = this.files.get(name) ?? (create ? new FakeFile() : undefined);
    if (file === undefined) return Promise.reject(new DOMException("no file", "NotFoundError"));
    this.files.set(name, file);
    return Promise.resolve(file);
  }

  removeEntry(name: string): Promise<void> {
    this.files.delete(name);
    return Promise.resolve();
  }
}

/** One after the other, whatever the name. */
export class FakeLocks {
  #turn: Promise<unknown> = Promise.resolve();

  request<T>(_: string, step: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(step);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
