// A copy of a file with one bit of one byte turned over, to see it refused.

export interface Tampered {
  copy: Blob;
  note: string;
}

const hex = (byte: number): string => `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;

export async function flipOneBit(file: Blob): Promise<Tampered> {
  const at = Math.floor(file.size / 2);
  const [before = 0] = new Uint8Array(await file.slice(at, at + 1).arrayBuffer());
  const after = before ^ 1;
  return {
    copy: new Blob([file.slice(0, at), Uint8Array.of(after), file.slice(at + 1)]),
    note: `a copy, byte ${at.toLocaleString("en")} changed from ${hex(before)} to ${hex(after)}`,
  };
}
