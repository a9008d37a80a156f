import type { Progress } from "../open.js";
import type { TrustOptions } from "../trust.js";

/** How an expert is attached. Trust is judged as `open` does, by the same options. */
export interface AttachOptions extends TrustOptions {
  /** How much of it sessions use that say nothing else: its update of the weights times this. Default: 1. */
  weight?: number;
  /** Attaches it also where its manifest names another base model, as long as all shapes fit. Default: false. */
  anyBase?: boolean;
  /** Lowers the limit for the file, in bytes. */
  maxBytes?: number;
  /** Aborting rejects with the signal's reason; nothing is attached then. */
  signal?: AbortSignal;
  /** Bytes of the file that were read. */
  onProgress?: (progress: Progress) => void;
}
