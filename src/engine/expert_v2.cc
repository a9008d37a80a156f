#include "engine/expert_v2.h"

#include "engine/describe_expert.h"

namespace andon {
namespace {

std::string Describe(const ExpertIndex& index, const ExpertMetadata& metadata) {
  const auto attachment = static_cast<uint16_t>(SectionType::kAttachment);
  ExpertFacts facts{.format_version = "2." + std::to_string(index.minor),
                    .name = metadata.name,
                    .version = metadata.version,
                    .release_counter = metadata.release_counter,
                    .manifest = metadata.json};
  for (const ExpertSection& section : index.sections) {
    if (section.type == attachment) facts.attachments.push_back({section.name, section.id});
  }
  return DescribeExpert(facts, index.sections);
}

class ExpertV2 : public Expert {
 public:
  ExpertV2(const ExpertIndex& index, const ExpertMetadata& metadata,
           const Sha256Digest& head_sha256)
      : Expert({.file_bytes = index.file_bytes,
                .head_bytes = index.head_bytes,
                .head_sha256 = head_sha256,
                .file_sha256 = index.file_sha256},
               head_sha256, metadata, index.sections, Describe(index, metadata)) {}

 private:
  Result<Bytes> Expand(const ExpertSection& section, ByteView bytes,
                       const std::optional<Sha256Digest>& stored_sha256) const override {
    return DecodeExpertSection(section, bytes, stored_sha256);
  }
};

}  // namespace

std::unique_ptr<Expert> MakeExpertV2(const ExpertIndex& index, const ExpertMetadata& metadata,
                                     const Sha256Digest& head_sha256) {
  return std::make_unique<ExpertV2>(index, metadata, head_sha256);
}

}  // namespace andon
