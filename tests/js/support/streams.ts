/** Everything that an iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Bytes in pieces of `size`, each after a turn of the event loop. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await new Promise((resolve) => setTimeout(resolve));
    yield bytes.slice(at, at + size);
  }
}

/** A stream that gives `bytes` and then never ends; `cancelled` is called when it is let go. */
export function hanging(bytes: Uint8Array, cancelled: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(bytes);
    },
    cancel: cancelled,
  });
}
