/** Numbers of a module, row-major; sparse ones as compressed rows (`csr`) or columns (`csc`). */
export type Tensor = DenseTensor | SparseTensor;

export interface DenseTensor {
  shape: number[];
  values: Float32Array;
  format?: undefined;
}

export interface SparseTensor {
  shape: number[];
  format: "csr" | "csc";
  /** Where each row (column) begins in `indices` and `values`, and where the last one ends. */
  starts: Uint32Array;
  /** The column (row) of each value. */
  indices: Uint32Array;
  values: Float32Array;
}

/** What an adapter does to one matrix of the base model. */
export interface AdapterModuleFacts {
  target:
    | "q_proj"
    | "k_proj"
    | "v_proj"
    | "o_proj"
    | "gate_proj"
    | "up_proj"
    | "down_proj"
    | "embed_tokens"
    | "lm_head";
  kind: "lora" | "dora" | "ia3" | "osd" | "lokr";
  /** In the file; values here are float32 always. */
  dtype: "F32" | "F16" | "BF16";
  rank: number;
  inFeatures: number;
  outFeatures: number;
  /** α/r or α/√r, already. */
  scale: number;
  /** Of IA³: it scales inputs instead of outputs. */
  feedForward: boolean;
  /** α of OSD: how much the sparse residual counts. */
  sparseWeight: number;
}

export interface AdapterModule extends AdapterModuleFacts {
  /**
   * LoRA: `a` `[rank, in]`, `b` `[out, rank]`; DoRA: also `c` `[out]`, the magnitudes; IA³: `a`;
   * LoKr: `a` and `b`, the factors of the Kronecker product; OSD: `a` U, `b` S, `c` Vᵀ and `residual`.
   */
  tensors: { a?: Tensor; b?: Tensor; c?: Tensor; residual?: Tensor };
}

/** The adapter of one decoder layer; `null`: of what lies outside the layers. */
export interface AdapterLayer {
  layer: number | null;
  modules: AdapterModule[];
}

/** What a layer is, without its numbers. */
export interface AdapterSummary {
  layer: number | null;
  modules: AdapterModuleSummary[];
}

export interface AdapterModuleSummary extends AdapterModuleFacts {
  /** Frobenius norm of the update; of IA³ that of its vector minus one. */
  norm: number;
}
