import type { Progress } from "../open.js";
import type { ModelSource } from "../source.js";
import type { TrustOptions } from "../trust.js";
import type { Precision, WeightType } from "./protocol.js";

/** How a language model is opened. */
export interface LanguageModelOptions extends TrustOptions {
  /** SHA-256 that the file must have, in hex; of several files, by their names. */
  sha256?: string | Readonly<Record<string, string>>;
  /** Lines of `sha256sum`: what the files must have. In Node.js `FILE.sha256` is found by itself. */
  manifest?: ModelSource;
  /** Also where none is stated: for the description. In a page it takes longer than all else. Default: false. */
  computeSha256?: boolean;
  /** Default: as many as there are processors, at most 8. */
  threads?: number;
  /** `exact`: activations stay in float32, which is slower. Default: `fast`. */
  precision?: Precision;
  /** What matrices of safetensors become. Default: `Q8_0`. */
  weightType?: WeightType;
  /** Bytes that the weights may take in memory. */
  maxMemory?: number;
  /** Lowers the limit for the files, in bytes. */
  maxBytes?: number;
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}
