#include <algorithm>
#include <utility>

#include "common/checked.h"
#include "common/limits.h"
#include "formats/safetensors_header.h"

namespace andon {
namespace {

Status CheckPlace(const TensorExtent& extent, uint64_t data_bytes) {
  if (extent.end < extent.begin) {
    return Error(ErrorCode::kSafetensorsOffsetsReversed, "safetensors: data_offsets of ",
                 Quoted(*extent.name));
  }
  if (extent.end > data_bytes) {
    return Error(ErrorCode::kSafetensorsOffsetsPastEnd, "safetensors: data_offsets of ",
                 Quoted(*extent.name), " end at ", extent.end, ", data at ", data_bytes);
  }
  return CheckTensorBytes(*extent.name, *extent.tensor, extent.end - extent.begin);
}

Status CheckTiling(const std::vector<TensorExtent>& extents, uint64_t data_bytes) {
  uint64_t position = 0;
  for (const TensorExtent& extent : extents) {
    if (extent.begin != position) {
      return Error(
          extent.begin > position ? ErrorCode::kSafetensorsHole : ErrorCode::kSafetensorsOverlap,
          "safetensors: data of ", Quoted(*extent.name), " begins at ", extent.begin,
          ", the tensor before ends at ", position);
    }
    position = extent.end;
  }
  if (position != data_bytes) {
    return Error(ErrorCode::kSafetensorsTrailingData, "safetensors: ", data_bytes - position,
                 " bytes after the last tensor");
  }
  return Status();
}

}  // namespace

Result<uint64_t> SafetensorsHeaderLength(ByteView start, uint64_t file_bytes,
                                         uint64_t max_header_bytes) {
  ByteReader reader(start);
  uint64_t length = 0;
  if (!reader.ReadU64(&length)) {
    return Error(ErrorCode::kSafetensorsTooShort, "safetensors: file of ", file_bytes, " bytes");
  }
  const uint64_t limit = std::min(max_header_bytes, limits::kHardMaxSafetensorsHeaderBytes);
  if (length > limit) {
    return Error(ErrorCode::kSafetensorsHeaderTooLarge, "safetensors: header of ", length,
                 " bytes, limit ", limit);
  }
  if (!andon_range_contains(file_bytes, kSafetensorsLengthBytes, length)) {
    return Error(ErrorCode::kSafetensorsHeaderPastEnd, "safetensors: header of ", length,
                 " bytes, file of ", file_bytes);
  }
  return length;
}

Status CheckTensorBytes(std::string_view name, const TensorView& tensor, uint64_t bytes) {
  const std::optional<uint64_t> elements = ElementCount(tensor.shape);
  uint64_t expected = 0;
  if (!elements || !andon_checked_mul(*elements, DTypeSize(tensor.dtype), &expected)) {
    return Error(ErrorCode::kSafetensorsShapeOverflow, "safetensors: shape of ", Quoted(name));
  }
  if (bytes != expected) {
    return Error(ErrorCode::kSafetensorsSizeMismatch, "safetensors: data of ", Quoted(name), ": ",
                 bytes, " bytes, not ", expected);
  }
  return Status();
}

Status CheckExtents(std::vector<TensorExtent>& extents, uint64_t data_bytes) {
  for (const TensorExtent& extent : extents) {
    ANDON_RETURN_IF_ERROR(CheckPlace(extent, data_bytes));
  }
  std::ranges::sort(extents, [](const TensorExtent& a, const TensorExtent& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  return CheckTiling(extents, data_bytes);
}

}  // namespace andon
