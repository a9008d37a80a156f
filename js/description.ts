export type FeatureType = "float32" | "float64" | "int32" | "int64" | "bool" | "string";

export interface Feature {
  name: string;
  type: FeatureType;
  nullable: boolean;
}

export type ArchitectureType =
  "linear_regression" | "ridge" | "lasso" | "elastic_net" | "logistic_regression";

/** The parameters that the maker of the model stated. */
export interface Architecture {
  type: ArchitectureType;
  fitIntercept?: boolean;
  alpha?: number;
  l1Ratio?: number;
  learningRate?: number;
  maxIter?: number;
  tolerance?: number;
  hyperparameters: Record<string, string>;
}

/** How the model came to be: claims of its maker, covered by the signature where there is one. */
export interface Provenance {
  gitCommit?: string;
  gitDirty?: string;
  datasetHash?: string;
  /** Decimal: it can be larger than a number holds exactly. */
  randomSeed?: string;
  /** Seconds since 1970. */
  trainingTimestamp?: number;
  trainingDuration?: string;
  platform?: string;
  rustVersion?: string;
  aprenderVersion?: string;
}

/** What a verified file says about its model. */
export interface ModelDescription {
  format: "aprender";
  formatVersion: number;
  schemaVersion: number;
  modelId: string;
  version: string;
  compatibility: "none" | "minor" | "major";
  task: "regression" | "classification";
  architecture: Architecture;
  /** Empty for regression; "0", "1", ... where the file names none. */
  classes: string[];
  features: Feature[];
  provenance: Provenance;
  tensors: { name: string; dtype: string; shape: number[] }[];
  files: { name: string; size: number; sha256: string }[];
}

/** The numbers of a model as its file has them. */
export interface Weights {
  /** Outputs × features, row-major. */
  coefficients: Float64Array;
  /** One an output; empty where the model has none. */
  intercept: Float64Array;
}
