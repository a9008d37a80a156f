// The one module of the page that names the package.

export { AndonError, open, openInThread } from "../andon/index.js";

export type {
  ClassPrediction,
  Feature,
  InThreadModel,
  Model,
  ModelDescription,
  OpenOptions,
  Prediction,
  TrustedKey,
  Verdict,
  Weights,
} from "../andon/index.js";
