// The JSON header of a safetensors file: its form, without regard to the data that it describes.

#ifndef ANDON_FORMATS_SAFETENSORS_HEADER_H_
#define ANDON_FORMATS_SAFETENSORS_HEADER_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/status.h"
#include "tensor/tensor.h"

namespace andon {

inline constexpr std::string_view kSafetensorsMetadataKey = "__metadata__";

// Where the data of a tensor lies: data_offsets as the header has them, not yet checked.
struct TensorExtent {
  uint64_t begin = 0;  // bytes from the start of the data
  uint64_t end = 0;
  const std::string* name = nullptr;  // both point into SafetensorsHeader::tensors
  TensorView* tensor = nullptr;
};

struct SafetensorsHeader {
  TensorMap tensors;  // dtype and shape; data still empty
  std::vector<TensorExtent> extents;
  std::map<std::string, std::string> metadata;
};

// Reads `text` in one pass, straight into the result. Errors: those Safetensors... codes that
// concern the header alone.
Result<SafetensorsHeader> ParseSafetensorsHeader(ByteView text);

// Whether a tensor may have this name: UTF-8 of 1 to limits::kMaxTensorNameBytes bytes without
// control characters and without a component ".." between slashes or backslashes, as names end up
// as file names in the hands of others.
bool IsSafeTensorName(std::string_view name);

}  // namespace andon

#endif  // ANDON_FORMATS_SAFETENSORS_HEADER_H_
