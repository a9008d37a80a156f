#include "engine/expert_content.h"

#include <utility>

#include "common/json.h"
#include "common/utf8.h"
#include "formats/attachment.h"
#include "formats/soft_prompt.h"
#include "trust/certificate.h"

namespace andon {
namespace {

Status CheckText(const ExpertSection& section, ByteView raw) {
  if (IsUtf8(AsText(raw))) return Status();
  return Error(ErrorCode::kSectionMalformed, "section ", section.id, ": ",
               SectionTypeName(section.type), " is not UTF-8");
}

// Of the types that have nothing to keep of the parsed form.
Status CheckForm(const ExpertSection& section, ByteView raw) {
  switch (static_cast<SectionType>(section.type)) {
    case SectionType::kGrammar:
    case SectionType::kLicense:
    case SectionType::kDocs:
      return CheckText(section, raw);
    case SectionType::kRouter:
    case SectionType::kTokenizerDelta:
    case SectionType::kCalibration:
    case SectionType::kMetrics:
      return ParseJson(raw, SectionTypeName(section.type)).status();
    case SectionType::kSoftPrompt:
      return ParseSoftPrompt(raw).status();
    case SectionType::kAttachment:
      return ParseAttachment(raw, section.name).status();
    case SectionType::kSigningCert:
      return ParseChain(raw).status();
    case SectionType::kParams:
      break;
  }
  return Status();  // an extension: its form is its maker's
}

}  // namespace

Result<ExpertContent> ExpertContent::Parse(const ExpertSection& section, Bytes raw) {
  ExpertContent content;
  content.raw_ = std::move(raw);
  if (section.type == static_cast<uint16_t>(SectionType::kParams)) {
    ANDON_ASSIGN_OR_RETURN(content.layer_, ParseParams(content.raw_, section.layer));
  } else {
    ANDON_RETURN_IF_ERROR(CheckForm(section, content.raw_));
  }
  return content;
}

uint64_t ExpertContent::memory_bytes() const {
  return sizeof(*this) + raw_.capacity() + layer_.modules.capacity() * sizeof(AdapterModule);
}

}  // namespace andon
