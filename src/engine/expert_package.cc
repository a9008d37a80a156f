#include "engine/expert_package.h"

#include <algorithm>
#include <span>
#include <utility>

#include "common/limits.h"
#include "engine/expert_content.h"
#include "formats/expert_layout.h"
#include "trust/certificate.h"

namespace andon {
namespace {

constexpr uint64_t kHashPiece = limits::kMiB;

}  // namespace

Status HashRest(InputFile& file, uint64_t offset, Sha256& hash) {
  Bytes piece;
  for (; offset < file.size(); offset += piece.size()) {
    piece.resize(static_cast<size_t>(std::min(kHashPiece, file.size() - offset)));
    ANDON_RETURN_IF_ERROR(file.Read(offset, piece));
    hash.Update(piece);
  }
  return Status();
}

Result<ExpertPackage> ExpertPackage::Open(InputFile& file) {
  ExpertPackage package(file);
  Bytes head;
  ANDON_RETURN_IF_ERROR(package.ReadHead(head));
  ANDON_RETURN_IF_ERROR(package.CheckSignature(head));
  ANDON_RETURN_IF_ERROR(package.CheckFileHash(std::move(head)));
  ANDON_ASSIGN_OR_RETURN(const Bytes metadata, ReadExpertMetadata(package.index_));
  ANDON_ASSIGN_OR_RETURN(package.metadata_, ParseExpertMetadata(metadata));
  return package;
}

Status ExpertPackage::ReadHead(Bytes& head) {
  const uint64_t start = ANDON_EXPERT_METADATA_OFFSET;
  head.resize(static_cast<size_t>(std::min(start, file_->size())));
  ANDON_RETURN_IF_ERROR(file_->Read(0, head));
  ANDON_ASSIGN_OR_RETURN(const uint64_t head_bytes, ExpertHeadBytes(head, file_->size()));
  head.resize(static_cast<size_t>(head_bytes));
  ANDON_RETURN_IF_ERROR(file_->Read(0, head));
  ANDON_ASSIGN_OR_RETURN(index_, ParseExpertIndex(head, file_->size()));
  return Status();
}

Status ExpertPackage::CheckSignature(ByteView head) const {
  if (!index_.signature) return Status();
  const Status invalid = Error(ErrorCode::kSignatureInvalid, "expert: the signature of the source");
  const auto certificates = std::ranges::find(
      index_.sections, static_cast<uint16_t>(SectionType::kSigningCert), &ExpertSection::type);
  if (certificates == index_.sections.end()) return invalid;
  ANDON_ASSIGN_OR_RETURN(const Bytes content, Content(*certificates));
  ANDON_ASSIGN_OR_RETURN(const std::vector<Certificate> chain, ParseChain(content));
  const Bytes message = ExpertSignedMessage(head);
  return Ed25519Verify(chain.front().subject, message, *index_.signature) ? Status() : invalid;
}

Status ExpertPackage::CheckFileHash(Bytes head) const {
  std::fill(head.begin() + ANDON_EXPERT_FILE_SHA256_OFFSET,
            head.begin() + ANDON_EXPERT_METADATA_OFFSET, 0);
  Sha256 hash;
  hash.Update(head);
  ANDON_RETURN_IF_ERROR(HashRest(*file_, head.size(), hash));
  if (DigestMatches(hash.Finish(), index_.file_sha256)) return Status();
  return Error(ErrorCode::kExpertFileHash, "expert: the file that its header states the hash of");
}

uint64_t ExpertPackage::RawParamsBytes() const {
  uint64_t bytes = 0;
  for (const ExpertSection& section : index_.sections) {
    if (section.type == static_cast<uint16_t>(SectionType::kParams)) bytes += section.raw_length;
  }
  return bytes;
}

Result<Bytes> ExpertPackage::ReadSection(const ExpertSection& section) const {
  Bytes bytes(static_cast<size_t>(section.gap + section.stored_length));
  ANDON_RETURN_IF_ERROR(file_->Read(section.offset - section.gap, bytes));
  return bytes;
}

Result<Bytes> ExpertPackage::Stored(const ExpertSection& section) const {
  ANDON_ASSIGN_OR_RETURN(Bytes bytes, ReadSection(section));
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(section.gap));
  if (DigestMatches(Sha256Of(bytes), section.sha256)) return bytes;
  return Error(ErrorCode::kExpertSectionHash, "expert: section ", section.id);
}

Result<Bytes> ExpertPackage::Content(const ExpertSection& section) const {
  ANDON_ASSIGN_OR_RETURN(const Bytes bytes, ReadSection(section));
  ANDON_ASSIGN_OR_RETURN(Bytes raw, DecodeExpertSection(section, bytes));
  ANDON_RETURN_IF_ERROR(ExpertContent::Parse(section, raw).status());
  return raw;
}

}  // namespace andon
