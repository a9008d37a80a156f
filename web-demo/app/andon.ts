// The one module of the page that names the package.

export {
  AndonError,
  memoryTrustStore,
  open,
  openInThread,
  openTrustStore,
  readCertificates,
  readRevocationList,
} from "../andon/index.js";

export type {
  AdapterModuleSummary,
  AdapterSummary,
  CertificateDescription,
  ClassPrediction,
  Expert,
  ExpertDescription,
  Feature,
  InThreadModel,
  Model,
  ModelDescription,
  Opened,
  OpenOptions,
  Prediction,
  Section,
  StoredKey,
  TrustedKey,
  TrustStore,
  Verdict,
  Weights,
} from "../andon/index.js";
