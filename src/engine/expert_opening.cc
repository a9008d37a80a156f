#include "engine/expert_opening.h"

#include <algorithm>
#include <utility>

#include "common/checked.h"
#include "common/limits.h"
#include "engine/expert_v1_view.h"
#include "engine/expert_v2.h"
#include "engine/sniff.h"
#include "formats/expert_layout.h"

namespace andon {
namespace {

ByteRange RangeOf(const ExpertSection& section) {
  return {section.offset - section.gap, section.gap + section.stored_length};
}

const ExpertSection* FindSigningCert(const ExpertIndex& index) {
  const auto found =
      std::find_if(index.sections.begin(), index.sections.end(), [](const ExpertSection& section) {
        return section.type == static_cast<uint16_t>(SectionType::kSigningCert);
      });
  return found == index.sections.end() ? nullptr : &*found;
}

// Where the last section ends, as the last entry of the head states it; whether that is so, and
// whether it may be, ParseExpertIndex judges.
uint64_t StatedFileBytes(ByteView head) {
  ByteReader entry(head.last(ANDON_EXPERT_TOC_ENTRY_BYTES));
  ByteView skipped;
  uint64_t offset = 0, stored_length = 0, end = 0;
  entry.ReadBytes(8, &skipped);
  entry.ReadU64(&offset);
  entry.ReadU64(&stored_length);
  return andon_checked_add(offset, stored_length, &end) ? end : UINT64_MAX;
}

}  // namespace

struct ExpertOpening::HeadOfV2 {
  ExpertIndex index;
  Bytes signed_message;
  Sha256Digest sha256 = {};
  std::vector<Certificate> chain;
};

ExpertOpening::ExpertOpening(std::optional<uint64_t> file_bytes, Policy policy)
    : file_bytes_(file_bytes), policy_(std::move(policy)) {
  constexpr uint64_t kStart = ANDON_EXPERT_METADATA_OFFSET;
  Want(Step::kStart, {0, std::min(file_bytes_.value_or(kStart), kStart)});
}

ExpertOpening::~ExpertOpening() = default;

void ExpertOpening::Want(Step step, ByteRange range) {
  step_ = step;
  wanted_ = range;
}

void ExpertOpening::Feed(ByteView bytes) {
  const Status status = Advance(bytes);
  if (status.ok()) return;
  outcome_.status = status;
  auto& reasons = outcome_.verdict.reasons;  // Judge gives its own
  if (reasons.empty()) reasons.push_back(status.message());
  Want(Step::kDone, {});
}

Status ExpertOpening::Advance(ByteView bytes) {
  switch (step_) {
    case Step::kStart:
      return TakeStart(bytes);
    case Step::kHead:
      return TakeHead(bytes);
    case Step::kChain:
      return TakeChain(bytes);
    default:
      return TakeWhole(bytes);
  }
}

Status ExpertOpening::TakeStart(ByteView start) {
  ANDON_ASSIGN_OR_RETURN(const FileKind kind, Sniff(start));
  if (kind != FileKind::kExpert) {
    Want(Step::kWhole, {0, file_bytes_.value_or(0)});
    return Status();
  }
  ANDON_ASSIGN_OR_RETURN(const uint64_t head_bytes,
                         ExpertHeadBytes(start, file_bytes_.value_or(limits::kMaxExpertBytes)));
  Want(Step::kHead, {0, head_bytes});
  return Status();
}

Status ExpertOpening::TakeHead(ByteView head) {
  if (head.size() < wanted_.length) {
    return Error(ErrorCode::kExpertTruncated, "expert: ends within its head");
  }
  head_ = std::make_unique<HeadOfV2>();
  ANDON_ASSIGN_OR_RETURN(head_->index,
                         ParseExpertIndex(head, file_bytes_.value_or(StatedFileBytes(head))));
  head_->signed_message = ExpertSignedMessage(head);
  head_->sha256 = Sha256Of(head);
  if (!head_->index.signature) return Conclude();

  const ExpertSection* certificates = FindSigningCert(head_->index);
  if (certificates == nullptr) {
    outcome_.verdict.signature = SignatureState::kInvalid;
    return Error(ErrorCode::kSignatureInvalid,
                 "signature: no certificate says whose it is, so it cannot be checked");
  }
  Want(Step::kChain, RangeOf(*certificates));
  return Status();
}

Status ExpertOpening::TakeChain(ByteView bytes) {
  ANDON_ASSIGN_OR_RETURN(const Bytes chain,
                         DecodeExpertSection(*FindSigningCert(head_->index), bytes));
  ANDON_ASSIGN_OR_RETURN(head_->chain, ParseChain(chain));
  return Conclude();
}

// Metadata is expanded and parsed only where the signature, if there is one, holds.
Status ExpertOpening::Conclude() {
  const ExpertIndex& index = head_->index;
  ExpertMetadata metadata;
  Evidence evidence{
      .message = head_->signed_message, .chain = head_->chain, .file_sha256 = index.file_sha256};
  if (index.signature) {
    evidence.key = head_->chain.front().subject;
    evidence.signature = *index.signature;
  }
  evidence.identify = [&](Evidence& identified) -> Status {
    ANDON_ASSIGN_OR_RETURN(const Bytes text, ReadExpertMetadata(index));
    ANDON_ASSIGN_OR_RETURN(metadata, ParseExpertMetadata(text));
    outcome_.verdict.integrity = Integrity::kOk;
    identified.name = metadata.name;
    identified.release_counter = metadata.release_counter;
    return Status();
  };
  ANDON_RETURN_IF_ERROR(Judge(std::move(evidence), policy_, outcome_.verdict));
  Accept(MakeExpertV2(index, metadata, head_->sha256), metadata.release_counter);
  return Status();
}

Status ExpertOpening::TakeWhole(ByteView file) {
  ANDON_ASSIGN_OR_RETURN(const FileKind kind, SniffWhole(file));
  if (kind != FileKind::kExpertV1) {
    return Error(ErrorCode::kKindMismatch,
                 "file: ", kind == FileKind::kGguf ? "a language model" : "a model",
                 ", not an expert");
  }
  ANDON_ASSIGN_OR_RETURN(ExpertV1 package, ReadExpertV1(file));
  outcome_.verdict.integrity = Integrity::kOk;
  ANDON_RETURN_IF_ERROR(JudgeWhole(package, file));
  const uint64_t release_counter = package.manifest.release_counter;
  Accept(ViewExpertV1(std::move(package)), release_counter);
  return Status();
}

// A signature that leaves the manifest out leaves out the name as well, so nothing it says can be
// held against what the signer may sign.
Status ExpertOpening::JudgeWhole(const ExpertV1& package, ByteView file) {
  Evidence evidence{.name = package.manifest.name,
                    .release_counter = package.manifest.release_counter,
                    .file_sha256 = Sha256Of(file)};
  if (package.signature) {
    evidence.key = package.signature->key;
    evidence.signature = package.signature->signature;
    evidence.message = AsBytes(package.signature->message);
  }
  Verdict& verdict = outcome_.verdict;
  ANDON_RETURN_IF_ERROR(Judge(evidence, policy_, verdict));
  if (!package.signature || package.signature->manifest_covered) return Status();
  verdict.trust = TrustState::kUnknown;
  verdict.signer_name.clear();
  verdict.reasons.insert(verdict.reasons.begin(), "The signature does not cover manifest.json.");
  if (policy_.allow_unknown_signer) return Status();
  return Error(ErrorCode::kSignerUnknown, "signature: does not cover manifest.json");
}

void ExpertOpening::Accept(std::unique_ptr<Expert> expert, uint64_t release_counter) {
  const Verdict& verdict = outcome_.verdict;
  if (verdict.signature == SignatureState::kValid && verdict.trust == TrustState::kTrusted &&
      !expert->name().empty()) {
    outcome_.remember = Remembered{expert->name(), release_counter, true};
  }
  outcome_.expert = std::move(expert);
  Want(Step::kDone, {});
}

}  // namespace andon
