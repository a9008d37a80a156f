/** A module of the command as it was built; the package exports none of them. */
export async function internals<T>(module: string): Promise<T> {
  const url = new URL(`../../../../../dist/cli/${module}.js`, import.meta.url);
  return (await import(url.href)) as T;
}

/** The code of the error that `act` throws. */
export function codeThrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
  return undefined;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts `bytes` into pieces of `size`. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}
