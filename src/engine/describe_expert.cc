#include "engine/describe_expert.h"

#include <set>

namespace andon {
namespace {

// Layers of version 1 are no bytes of the file, so they have none.
Json DescribeDigest(const Sha256Digest& digest) {
  return digest == Sha256Digest{} ? Json() : Json(ToHex(digest));
}

Json DescribeSection(const ExpertSection& section) {
  return {{"id", section.id},
          {"type", SectionTypeName(section.type)},
          {"name", section.name},
          {"codec", SectionCodecName(section.codec)},
          {"layer", section.layer == kNoLayer ? Json() : Json(section.layer)},
          {"critical", section.critical()},
          {"offset", section.offset},
          {"storedLength", section.stored_length},
          {"rawLength", section.raw_length},
          {"sha256", DescribeDigest(section.sha256)}};
}

Json DescribeSections(const std::vector<ExpertSection>& sections) {
  Json list = Json::array();
  for (const ExpertSection& section : sections) list.push_back(DescribeSection(section));
  return list;
}

Json DescribeLayers(const std::vector<ExpertSection>& sections) {
  std::set<uint32_t> layers;
  for (const ExpertSection& section : sections) {
    const bool params = section.type == static_cast<uint16_t>(SectionType::kParams);
    if (params && section.layer != kNoLayer) layers.insert(section.layer);
  }
  return Json(layers);
}

Json DescribeAttachments(const std::vector<AttachmentFact>& attachments) {
  Json list = Json::array();
  for (const AttachmentFact& attachment : attachments) {
    list.push_back({{"path", attachment.path.empty() ? Json() : Json(attachment.path)},
                    {"section", attachment.section_id}});
  }
  return list;
}

}  // namespace

std::string DescribeExpert(const ExpertFacts& facts, const std::vector<ExpertSection>& sections) {
  return DumpJson({{"format", "expert"},
                   {"formatVersion", facts.format_version},
                   {"name", facts.name},
                   {"version", facts.version},
                   {"releaseCounter", facts.release_counter},
                   {"manifest", facts.manifest},
                   {"sections", DescribeSections(sections)},
                   {"layers", DescribeLayers(sections)},
                   {"attachments", DescribeAttachments(facts.attachments)},
                   {"warnings", facts.warnings}});
}

}  // namespace andon
