// Models to show to the page, made with the package itself.

import { createPrivateKey, createPublicKey } from "node:crypto";
import { pack, type PackDescription } from "andon";

export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export function file(name: string, content: Uint8Array | string): TestFile {
  return { name, mimeType: "", buffer: Buffer.from(content) };
}

const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";

/** Three classes over four measures; predictions are easy to work out: the largest measure wins. */
export const flowers: PackDescription = {
  model_id: id,
  version: "1.2.0",
  compatibility: "minor",
  model: {
    type: "logistic_regression",
    class_labels: ["setosa", "versicolor", "virginica"],
    max_iter: 200,
    hyperparameters: { solver: "lbfgs" },
  },
  features: [{ name: "a" }, { name: "b" }, { name: "c" }, { name: "d" }],
  provenance: {
    git_commit: "4f1c2d9e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d",
    random_seed: 42,
    training_timestamp: 1_760_000_000,
    platform: "x86_64-linux",
  },
  weights: {
    dtype: "F64",
    coefficients: [
      [3, -1, -1, 0.5],
      [-1, 3, -1, 0],
      [-1, -1, 3, -0.5],
    ],
    intercept: [0.25, 0, -0.25],
  },
};

/** y = 2 f + 3 i - 4 l + 100 b + 5 n + 7, one feature of each type, the last two nullable. */
export const mixed: PackDescription = {
  model_id: id,
  version: "0.1.0",
  model: { type: "ridge", alpha: 0.5 },
  features: [
    { name: "f", type: "float64" },
    { name: "i", type: "int32" },
    { name: "l", type: "int64" },
    { name: "flag", type: "bool", nullable: true },
    { name: "n", type: "float32", nullable: true },
  ],
  weights: { dtype: "F64", coefficients: [2, 3, -4, 100, 5], intercept: [7] },
};

export function wide(features: number): PackDescription {
  return {
    model_id: id,
    version: "1.0.0",
    model: { type: "lasso", alpha: 1, fit_intercept: false },
    features: Array.from({ length: features }, (_, i) => ({ name: `gene_${i}` })),
    weights: {
      dtype: "F64",
      coefficients: Array.from({ length: features }, (_, i) => (i % 2 ? -1 : 1) * (i + 1)),
    },
  };
}

export async function packed(
  description: PackDescription,
  name = "model.aprender",
  signingKey?: Uint8Array,
): Promise<TestFile> {
  return file(name, await pack(description, signingKey ? { signingKey } : {}));
}

export interface Signer {
  seed: Uint8Array;
  pem: string;
  base64: string;
}

/** The Ed25519 key pair of a seed that repeats one byte. */
export function signer(byte: number): Signer {
  const seed = new Uint8Array(32).fill(byte);
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex"); // PKCS #8, RFC 8410
  const key = createPublicKey(
    createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" }),
  );
  const der = key.export({ format: "der", type: "spki" });
  return {
    seed,
    pem: key.export({ format: "pem", type: "spki" }).toString(),
    base64: der.subarray(-32).toString("base64"),
  };
}
