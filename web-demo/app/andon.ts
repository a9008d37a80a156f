// The one module of the page that names the package.

export {
  AndonError,
  memoryTrustStore,
  open,
  openLanguageModel,
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
  Generation,
  InThreadModel,
  LanguageModel,
  Model,
  ModelDescription,
  Opened,
  OpenOptions,
  Part,
  Prediction,
  Section,
  StoredKey,
  TextSession,
  TrustedKey,
  TrustStore,
  Verdict,
  Weights,
} from "../andon/index.js";
