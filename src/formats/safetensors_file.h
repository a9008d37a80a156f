// A safetensors file that is not in memory: its header, read by ranges.

#ifndef ANDON_FORMATS_SAFETENSORS_FILE_H_
#define ANDON_FORMATS_SAFETENSORS_FILE_H_

#include <cstdint>

#include "common/bytes.h"
#include "common/io.h"
#include "common/limits.h"
#include "common/status.h"
#include "formats/safetensors_header.h"

namespace andon {

struct SafetensorsFile {
  Bytes head;                // the length and the header, as they are in the file
  SafetensorsHeader header;  // extents in the order of their places, all checked

  uint64_t data_offset() const { return head.size(); }
};

// Every check of ParseSafetensors, without the data in memory. Errors: SourceUnreadable, those of
// ParseSafetensors.
Result<SafetensorsFile> ReadSafetensorsFile(
    InputFile& file, uint64_t max_header_bytes = limits::kMaxSafetensorsHeaderBytes);

}  // namespace andon

#endif  // ANDON_FORMATS_SAFETENSORS_FILE_H_
