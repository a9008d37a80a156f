// The one module of the page that names the package.

export { AndonError, open, openInThread } from "../andon/index.js";

import type { Model, ModelDescription } from "../andon/index.js";

export type {
  InThreadModel,
  Model,
  ModelDescription,
  OpenOptions,
  Prediction,
  TrustedKey,
  Verdict,
} from "../andon/index.js";
export type Feature = ModelDescription["features"][number];
export type Weights = Awaited<ReturnType<Model["weights"]>>;
