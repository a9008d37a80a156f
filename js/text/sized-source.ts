// Sources that tell their size, as the file of a model must before it is read.

import { blobSource } from "../ranged-source.js";
import type { Source } from "../source.js";

export type SizedSource = Source & { readonly size: number };

/** What tells no size is read to its end first, into a Blob: browsers keep large ones on disk. */
export async function sized(source: Source): Promise<SizedSource> {
  if (source.size !== undefined) return source as SizedSource;
  const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      const piece = await source.next();
      if (piece === undefined) controller.close();
      else controller.enqueue(new Uint8Array(piece));
    },
  });
  const blob = await new Response(pieces).blob();
  await source.close();
  return blobSource(blob) as SizedSource;
}
