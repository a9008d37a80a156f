/// <reference lib="esnext.disposable" preserve="true" />
// The public surface of the package: docs/api.md.

export { open, openInThread, openLanguageModel } from "./open.js";
export type { Opened, OpenInThreadOptions, OpenOptions, Progress } from "./open.js";
export { pack } from "./pack.js";
export type { PackDescription, PackOptions } from "./pack.js";
export { convertExpert, packExpert, signExpert } from "./expert-pack.js";
export type {
  ExpertFile,
  ExpertPackOptions,
  ExpertPackReport,
  ExpertSigningOptions,
  PackedExpert,
  ReadableFile,
  WritableFile,
} from "./expert-pack.js";
export { convertToOsd } from "./osd.js";
export type {
  OsdFigures,
  OsdGridCell,
  OsdModuleReport,
  OsdOptions,
  OsdReport,
  OsdSource,
  PackedOsdExpert,
} from "./osd.js";

export type { Model } from "./model.js";
export type { Expert, ReadOptions } from "./expert.js";
export type { IntegrityOptions } from "./expert-sections.js";
export type {
  ExpertDescription,
  ExpertManifest,
  Section,
  SectionType,
} from "./expert-description.js";
export type {
  AdapterLayer,
  AdapterModule,
  AdapterModuleSummary,
  AdapterSummary,
  DenseTensor,
  SparseTensor,
  Tensor,
} from "./adapter.js";
export type { InThreadModel } from "./in-thread-model.js";
export type { LanguageModel } from "./text/language-model.js";
export type { TextSession } from "./text/text-session.js";
export type { AttachOptions } from "./text/attach-options.js";
export type { AttachedExpert, AttachTimings, ExpertUse } from "./text/attached-expert.js";
export type { MergeOptions } from "./text/merge-options.js";
export type { Generation } from "./text/generation.js";
export { TextGenerator } from "./text/text-generator.js";
export type { LanguageModelDescription, TextBuild, TextBuildName } from "./text/description.js";
export type { LanguageModelOptions } from "./text/load-options.js";
export type {
  ExpertMemory,
  MergeProgress,
  Precision,
  TextMemory,
  WeightType,
} from "./text/protocol.js";
export type {
  ChatOptions,
  EmbedOptions,
  ExpertOptions,
  FinishReason,
  GenerateOptions,
  GenerationCounts,
  GenerationResult,
  GrammarOption,
  Message,
  Part,
  Pooling,
  SamplingOptions,
  SessionOptions,
  TokenPart,
  TokenProbability,
} from "./text/options.js";
export type { Stream } from "./input.js";
export type { FeatureRecord, FeatureRow, FeatureValue, RowInput } from "./schema.js";
export type {
  BatchPrediction,
  BatchProbabilities,
  ClassBatch,
  ClassPrediction,
  Prediction,
  Probabilities,
  RegressionBatch,
  RegressionPrediction,
} from "./results.js";

export type { ModelSource } from "./source.js";
export type { TrustedKey, TrustOptions } from "./trust.js";
export { memoryTrustStore, openTrustStore } from "./trust-store.js";
export type { Release, StoredKey, TrustStore } from "./trust-store.js";
export {
  issueCertificate,
  issueRevocationList,
  readCertificates,
  readKeyRotation,
  readRevocationList,
  rotateKey,
} from "./certificates.js";
export type {
  CertificateDescription,
  CertificateRequest,
  CertificateRole,
  KeyRotationDescription,
  RevocationEntry,
  RevocationKind,
  RevocationListDescription,
  RevocationListRequest,
  RevocationReason,
} from "./certificates.js";
export type { PublicKey } from "./keys.js";
export type { Time } from "./time.js";
export type { Verdict } from "./verdict.js";
export type {
  Architecture,
  ArchitectureType,
  Feature,
  FeatureType,
  ModelDescription,
  Provenance,
  Weights,
} from "./description.js";

export { ExpertManager } from "./experts/manager.js";
export type {
  ExpertManagerOptions,
  InstallOptions,
  Outcome,
  UpdateOptions,
} from "./experts/manager.js";
export { memoryExpertStore, openExpertStore } from "./experts/store.js";
export type { ExpertStore } from "./experts/store.js";
export type { ExpertFacts, InstalledExpert } from "./experts/facts.js";
export type { ExpertLimits } from "./experts/loaded-experts.js";
export type { LoadedExpert } from "./experts/pool.js";
export type { Refusal, Resolution } from "./experts/resolve.js";
export type { Embedder, RoutedChatOptions } from "./experts/answering.js";
export type { RoutedChat, RoutedPart, RoutedResult, Routing } from "./experts/routed-chat.js";
export { expertFacts } from "./experts/admission.js";
export { Router } from "./experts/router.js";
export type { Candidate, Embedding } from "./experts/candidate.js";
export type { Route, RouteOptions } from "./experts/router.js";
export { routeWeights } from "./experts/route-weights.js";
export type { RouteScores } from "./experts/route-weights.js";
export { hashedEmbedding } from "./experts/features.js";

export { AndonError } from "./errors.js";
export { errorCodes, errorWhys } from "./generated/error-codes.js";
export type { ErrorCode } from "./generated/error-codes.js";
