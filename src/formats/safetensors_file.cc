#include "formats/safetensors_file.h"

#include <algorithm>
#include <span>
#include <utility>

namespace andon {

Result<SafetensorsFile> ReadSafetensorsFile(InputFile& file, uint64_t max_header_bytes) {
  SafetensorsFile result;
  result.head.resize(static_cast<size_t>(std::min(file.size(), kSafetensorsLengthBytes)));
  ANDON_RETURN_IF_ERROR(file.Read(0, result.head));
  ANDON_ASSIGN_OR_RETURN(const uint64_t length,
                         SafetensorsHeaderLength(result.head, file.size(), max_header_bytes));
  result.head.resize(kSafetensorsLengthBytes + static_cast<size_t>(length));
  const std::span<uint8_t> text = std::span(result.head).subspan(kSafetensorsLengthBytes);
  ANDON_RETURN_IF_ERROR(file.Read(kSafetensorsLengthBytes, text));
  ANDON_ASSIGN_OR_RETURN(result.header, ParseSafetensorsHeader(text));
  ANDON_RETURN_IF_ERROR(CheckExtents(result.header.extents, file.size() - result.data_offset()));
  return result;
}

}  // namespace andon
