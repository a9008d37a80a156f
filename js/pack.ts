import type { ArchitectureType } from "./description.js";
import { requireSeed } from "./keys.js";
import { localWriter } from "./start.js";
import { jsonOf, requireBytes } from "./values.js";

/** What to write, in the terms of `metadata.pb`. */
export interface PackDescription {
  /** UUID. */
  model_id: string;
  /** Semantic version. */
  version: string;
  compatibility?: "none" | "minor" | "major";
  model: {
    type: ArchitectureType;
    fit_intercept?: boolean;
    alpha?: number;
    l1_ratio?: number;
    learning_rate?: number;
    max_iter?: number;
    tolerance?: number;
    class_labels?: string[];
    hyperparameters?: Record<string, string>;
    weights_tensor?: string;
    intercept_tensor?: string;
  };
  features: {
    name: string;
    type?: "float32" | "float64" | "int32" | "int64" | "bool";
    nullable?: boolean;
  }[];
  provenance?: {
    git_commit?: string;
    git_dirty?: string;
    dataset_hash?: string;
    random_seed?: number | string;
    /** Seconds since 1970. */
    training_timestamp?: number;
    training_duration?: string;
    platform?: string;
    rust_version?: string;
    aprender_version?: string;
  };
  /** Instead of safetensors. */
  weights?: { dtype?: "F32" | "F64"; coefficients: number[] | number[][]; intercept?: number[] };
}

export interface PackOptions {
  /** A safetensors file; instead of `description.weights`. */
  weights?: Uint8Array;
  /** Further files of the package, by name. */
  attachments?: Readonly<Record<string, Uint8Array>>;
  /** Signs: the 32-byte seed of an Ed25519 key (RFC 8032). */
  signingKey?: Uint8Array;
}

/**
 * Makes an `.aprender` package; what it gives, `open` takes. Works in Node.js, pages and workers.
 *
 * @throws AndonError `DescriptionMalformed`, `KeyMalformed`, `InvalidArgument`, and every error that
 *   opening the result would give
 */
export async function pack(
  description: PackDescription,
  options: PackOptions = {},
): Promise<Uint8Array> {
  const { weights = new Uint8Array(), attachments = {}, signingKey } = options;
  requireBytes("weights", weights);
  for (const [name, bytes] of Object.entries(attachments)) requireBytes(name, bytes);
  if (signingKey !== undefined) {
    requireBytes("signingKey", signingKey);
    requireSeed(signingKey, "the signing key");
  }
  const text = new TextEncoder().encode(jsonOf("description", description));
  const writer = await localWriter();
  return writer.pack({
    description: text,
    weights,
    attachments: new Map(Object.entries(attachments)),
    signingKey,
  });
}
