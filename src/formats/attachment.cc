#include "formats/attachment.h"

#include "archive/entry_name.h"

namespace andon {
namespace {

constexpr size_t kNameBytes = 24;  // of an entry of the table of contents

}  // namespace

std::string_view AttachmentSectionName(std::string_view path) {
  return path.size() <= kNameBytes ? path : std::string_view();
}

Result<Attachment> ParseAttachment(ByteView section, std::string_view name) {
  ByteReader reader(section);
  uint16_t length = 0;
  ByteView path;
  if (!reader.ReadU16(&length) || !reader.ReadBytes(length, &path)) {
    return Error(ErrorCode::kSectionMalformed, "attachment ", Quoted(name), ": cut off");
  }
  if (!IsSafeEntryName(AsText(path))) {
    return Error(ErrorCode::kSectionMalformed, "attachment ", Quoted(AsText(path)),
                 ": not a safe relative path");
  }
  if (name != AttachmentSectionName(AsText(path))) {
    return Error(ErrorCode::kSectionMalformed, "attachment ", Quoted(AsText(path)),
                 ": the name of its section is ", Quoted(name));
  }
  return Attachment{std::string(AsText(path)), section.subspan(2 + path.size())};
}

Result<Bytes> WriteAttachment(const Attachment& attachment) {
  Bytes section;
  AppendU16(section, static_cast<uint16_t>(attachment.path.size()));
  AppendBytes(section, AsBytes(attachment.path));
  AppendBytes(section, attachment.content);
  ANDON_ASSIGN_OR_RETURN([[maybe_unused]] const Attachment read,
                         ParseAttachment(section, AttachmentSectionName(attachment.path)));
  return section;
}

}  // namespace andon
