export type SectionType =
  | "params"
  | "router"
  | "grammar"
  | "soft-prompt"
  | "tokenizer-delta"
  | "calibration"
  | "license"
  | "docs"
  | "metrics"
  | "signing-cert"
  | "attachment"
  | "extension"
  | "unknown";

/** A section of an expert, as its table of contents has it. */
export interface Section {
  id: number;
  type: SectionType;
  name: string;
  codec: "none" | "zstd" | "shuffle+zstd" | "unknown";
  layer: number | null;
  critical: boolean;
  /** In the file; 0 in version 1. */
  offset: number;
  storedLength: number;
  rawLength: number;
  /** Hexadecimal, of the stored bytes; `null`: layers of version 1 have none. */
  sha256: string | null;
}

/** Claims of the maker: schemas/expert-metadata.schema.json. Of version 1 what fits into it. */
export interface ExpertManifest {
  name: string;
  version: string;
  release_counter?: number;
  description?: string;
  author?: string;
  homepage?: string;
  license?: string;
  tags?: string[];
  capabilities?: string[];
  base_model?: {
    name: string;
    sha256?: string;
    vocabulary_sha256?: string;
    quantization?: string;
    rope_scaling?: {
      type: string;
      factor?: number;
      max_position_embeddings?: number;
      original_max_position_embeddings?: number;
      fine_grained?: boolean;
    };
    prompt_template?: string;
    shapes?: {
      layers: number;
      hidden: number;
      intermediate: number;
      heads: number;
      kv_heads: number;
      head_dim: number;
      vocabulary: number;
    };
  };
  adapter?: {
    kind: "lora" | "dora" | "ia3" | "osd" | "lokr";
    rank?: number;
    alpha?: number;
    rank_stabilized?: boolean;
    target_modules?: string[];
    feedforward_modules?: string[];
    scaling?: string;
    dropout?: number;
  };
  soft_prompts?: {
    name: string;
    tokens: number;
    path?: string;
    init_method?: string;
    init_text?: string;
    purpose?: string;
  }[];
  routing?: {
    keywords?: string[];
    exclude_keywords?: string[];
    router_hint?: string;
    priority?: number;
  };
  constraints?: {
    max_chain?: number;
    load_order?: number;
    incompatible_with?: string[];
    requires?: string[];
  };
  perf?: {
    latency_ms_overhead?: number;
    vram_mb_overhead?: number;
    supported_batch_sizes?: number[];
  };
  runtime?: {
    max_experts?: number;
    requires_kv_cache_persistence?: boolean;
    attention_kernel?: string;
  };
  decoding?: {
    use_grammar?: boolean;
    grammar_type?: string;
    grammar_file?: string;
    validation?: string;
    stop_sequences?: string[];
    temperature?: number;
    top_p?: number;
    top_k?: number;
    min_p?: number;
  };
  quality_metrics?: Record<string, number | boolean | string>;
  limitations?: {
    pattern?: string;
    description: string;
    example?: string;
    workaround?: string;
  }[];
  training?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
}

/** What a verified head says about its expert. */
export interface ExpertDescription {
  format: "expert";
  formatVersion: string;
  name: string;
  version: string;
  releaseCounter: number;
  manifest: ExpertManifest;
  /** In the order of the file. */
  sections: Section[];
  /** Decoder layers that have a section, ascending. */
  layers: number[];
  /** `path` is `null` where only the section itself has it. */
  attachments: { path: string | null; section: number }[];
  /** Sentences for people, such as that the format is deprecated. */
  warnings: string[];
}
