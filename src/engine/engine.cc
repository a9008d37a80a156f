#include "engine/engine.h"

#include <optional>
#include <string>

#include "common/json.h"
#include "common/limits.h"
#include "crypto/base64.h"
#include "engine/build.h"
#include "engine/sniff.h"
#include "formats/aprender_package.h"

namespace andon {
namespace {

Result<AprenderContainer> VerifyFile(ByteView file) {
  ANDON_ASSIGN_OR_RETURN(const FileKind kind, Sniff(file));
  if (kind != FileKind::kAprender) {
    const bool text = kind == FileKind::kGguf;
    return Error(ErrorCode::kKindMismatch, "file: ", text ? "a language model" : "an expert",
                 ", not a model");
  }
  if (file.size() > limits::kMaxAprenderBytes) {
    return Error(ErrorCode::kFileTooLarge, "file: ", file.size(), " bytes, the limit is ",
                 limits::kMaxAprenderBytes);
  }
  return VerifyAprender(file);
}

Evidence EvidenceOf(const AprenderContainer& container) {
  if (!container.signature) return {};
  return {.key = container.signature->key,
          .signature = container.signature->signature,
          .message = container.signed_message};
}

Result<std::unique_ptr<Model>> ParseAndBuild(const AprenderContainer& container) {
  ANDON_ASSIGN_OR_RETURN(const AprenderPackage package, ParseAprender(container));
  return BuildModel(container, package);
}

// The hashes inside metadata.pb are a matter of integrity too, though they are compared later.
bool IsChecksumMismatch(ErrorCode code) {
  return code == ErrorCode::kMetadataChecksumMismatch ||
         code == ErrorCode::kWeightsChecksumMismatch;
}

}  // namespace

OpenOutcome Open(ByteView file, const Policy& policy) {
  OpenOutcome outcome;
  Verdict& verdict = outcome.verdict;
  const auto refuse = [&outcome](const Status& why) {
    outcome.status = why;
    outcome.verdict.reasons.insert(outcome.verdict.reasons.begin(), why.message());
  };

  const auto container = VerifyFile(file);
  if (!container.ok()) {
    refuse(container.status());
    return outcome;
  }
  verdict.integrity = Integrity::kOk;

  outcome.status = Judge(EvidenceOf(*container), policy, verdict);
  if (!outcome.status.ok()) return outcome;

  auto model = ParseAndBuild(*container);
  if (model.ok()) {
    outcome.model = std::move(*model);
    return outcome;
  }
  if (IsChecksumMismatch(model.code())) verdict.integrity = Integrity::kCorrupt;
  refuse(model.status());
  return outcome;
}

std::string VerdictJson(const Verdict& verdict) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Json() : Json(text);
  };
  return DumpJson({{"integrity", IntegrityName(verdict.integrity)},
                   {"signature", SignatureStateName(verdict.signature)},
                   {"trust", TrustStateName(verdict.trust)},
                   {"signer", verdict.signer ? Json(ToBase64(*verdict.signer)) : Json()},
                   {"signerName", text_or_null(verdict.signer_name)},
                   {"reasons", verdict.reasons}});
}

}  // namespace andon
