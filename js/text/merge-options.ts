import type { MergeProgress } from "./protocol.js";

/** How experts become part of a copy of a language model. */
export interface MergeOptions {
  /** Bytes that the weights that change may take. */
  maxMemory?: number;
  /** `false`: soft prompts, which cannot become part of weights, are left out. Default: true, which refuses them. */
  softPrompt?: boolean;
  /** Whether the copy's logits are scaled as the first calibration says. Default: true. */
  calibration?: boolean;
  /** Aborting rejects with the signal's reason; no copy is made then. */
  signal?: AbortSignal;
  /** How many of the matrices that change are merged so far. */
  onProgress?: (progress: MergeProgress) => void;
}
