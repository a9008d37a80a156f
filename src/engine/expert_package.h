// An .expert file of version 2 as those read it who make another of it: whole, section by section.

#ifndef ANDON_ENGINE_EXPERT_PACKAGE_H_
#define ANDON_ENGINE_EXPERT_PACKAGE_H_

#include "common/io.h"
#include "formats/expert_index.h"
#include "formats/expert_metadata.h"

namespace andon {

class ExpertPackage {
 public:
  // Checks FILE_SHA256 over all of it and, where there is one, the signature against the key that
  // the file itself names: whom to trust is another question, but nothing that was changed since it
  // was signed gets a new signature. REQUIRES: the file outlives the package. Errors: those of
  // ParseExpertIndex and ParseExpertMetadata, ExpertFileHash, SignatureInvalid, SourceUnreadable.
  static Result<ExpertPackage> Open(InputFile& file);

  const ExpertIndex& index() const { return index_; }
  const ExpertMetadata& metadata() const { return metadata_; }

  uint64_t RawParamsBytes() const;  // of all PARAMS sections

  // The stored bytes, checked. Errors: ExpertSectionHash, ExpertGap, SourceUnreadable.
  Result<Bytes> Stored(const ExpertSection& section) const;
  // The content, in the form of its type. Errors: those of DecodeExpertSection, ParseParams, ...
  Result<Bytes> Content(const ExpertSection& section) const;

 private:
  explicit ExpertPackage(InputFile& file) : file_(&file) {}
  Status ReadHead(Bytes& head);
  Status CheckFileHash(Bytes head) const;
  Status CheckSignature(ByteView head) const;
  Result<Bytes> ReadSection(const ExpertSection& section) const;

  InputFile* file_;
  ExpertIndex index_;
  ExpertMetadata metadata_;
};

// Of a file from `offset` to its end, onto a hash that has begun. Error: SourceUnreadable.
Status HashRest(InputFile& file, uint64_t offset, Sha256& hash);

}  // namespace andon

#endif  // ANDON_ENGINE_EXPERT_PACKAGE_H_
