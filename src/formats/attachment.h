// ATTACHMENT: a file that travels with an expert.
//
//   u16 length of the path, path, the file's bytes
//
// The section's name in the table of contents is the path where that has room for it (24 bytes),
// otherwise empty.

#ifndef ANDON_FORMATS_ATTACHMENT_H_
#define ANDON_FORMATS_ATTACHMENT_H_

#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

struct Attachment {
  std::string path;  // safe as a relative path (archive/entry_name.h)
  ByteView content;
};

// `name` is the section's. REQUIRES: the section outlives the result. Error: SectionMalformed.
Result<Attachment> ParseAttachment(ByteView section, std::string_view name);
// What this writes, ParseAttachment reads under AttachmentSectionName(); the error is the same.
Result<Bytes> WriteAttachment(const Attachment& attachment);
std::string_view AttachmentSectionName(std::string_view path);

}  // namespace andon

#endif  // ANDON_FORMATS_ATTACHMENT_H_
