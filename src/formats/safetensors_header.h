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

inline constexpr uint64_t kSafetensorsLengthBytes = 8;  // the header length, before the header
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

// How many bytes the header has, from the first eight of a file of `file_bytes`. `max_header_bytes`
// is capped by limits::kHardMaxSafetensorsHeaderBytes. Errors: SafetensorsTooShort, ...TooLarge,
// ...PastEnd.
Result<uint64_t> SafetensorsHeaderLength(ByteView start, uint64_t file_bytes,
                                         uint64_t max_header_bytes);

// That each tensor has the bytes that its dtype and shape say, and that together they cover
// `data_bytes` without holes, overlaps and rest. Sorts the extents by their place. Errors: those
// Safetensors... codes that concern the data.
Status CheckExtents(std::vector<TensorExtent>& extents, uint64_t data_bytes);

// That data of `bytes` is as long as dtype and shape say. Errors: SafetensorsShapeOverflow,
// ...SizeMismatch.
Status CheckTensorBytes(std::string_view name, const TensorView& tensor, uint64_t bytes);

// Whether a tensor may have this name: UTF-8 of 1 to limits::kMaxTensorNameBytes bytes without
// control characters and without a component ".." between slashes or backslashes, as names end up
// as file names in the hands of others.
bool IsSafeTensorName(std::string_view name);

}  // namespace andon

#endif  // ANDON_FORMATS_SAFETENSORS_HEADER_H_
