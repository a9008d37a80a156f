#include "formats/safetensors.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/checked.h"
#include "common/json.h"
#include "common/utf8.h"
#include "formats/safetensors_header.h"

namespace andon {
namespace {

constexpr uint64_t kLengthBytes = 8;
constexpr uint64_t kDataAlignment = 64;  // what a writer gives SIMD kernels; readers take any

Result<ByteView> HeaderText(ByteView file, uint64_t max_header_bytes) {
  ByteReader reader(file);
  uint64_t length = 0;
  if (!reader.ReadU64(&length)) {
    return Error(ErrorCode::kSafetensorsTooShort, "safetensors: file of ", uint64_t{file.size()},
                 " bytes");
  }
  const uint64_t limit = std::min(max_header_bytes, limits::kHardMaxSafetensorsHeaderBytes);
  if (length > limit) {
    return Error(ErrorCode::kSafetensorsHeaderTooLarge, "safetensors: header of ", length,
                 " bytes, limit ", limit);
  }
  ByteView text;
  if (!reader.ReadBytes(length, &text)) {
    return Error(ErrorCode::kSafetensorsHeaderPastEnd, "safetensors: header of ", length,
                 " bytes, file of ", uint64_t{file.size()});
  }
  return text;
}

// That the data is as long as dtype and shape say.
Status CheckSize(std::string_view name, const TensorView& tensor, uint64_t bytes) {
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

// Points the view of a tensor at its data.
Status PlaceTensor(const TensorExtent& extent, ByteView data) {
  if (extent.end < extent.begin) {
    return Error(ErrorCode::kSafetensorsOffsetsReversed, "safetensors: data_offsets of ",
                 Quoted(*extent.name));
  }
  if (extent.end > data.size()) {
    return Error(ErrorCode::kSafetensorsOffsetsPastEnd, "safetensors: data_offsets of ",
                 Quoted(*extent.name), " end at ", extent.end, ", data at ", uint64_t{data.size()});
  }
  const uint64_t bytes = extent.end - extent.begin;
  ANDON_RETURN_IF_ERROR(CheckSize(*extent.name, *extent.tensor, bytes));
  extent.tensor->data = data.subspan(static_cast<size_t>(extent.begin), static_cast<size_t>(bytes));
  return Status();
}

// That the tensors cover the data without holes, overlaps and rest.
Status CheckTiling(std::vector<TensorExtent>& extents, uint64_t data_bytes) {
  std::ranges::sort(extents, [](const TensorExtent& a, const TensorExtent& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
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

Status CheckWritable(const TensorMap& tensors, const std::map<std::string, std::string>& metadata) {
  if (tensors.size() > limits::kMaxTensors) {
    return Error(ErrorCode::kSafetensorsTooManyTensors, "safetensors: ", uint64_t{tensors.size()},
                 " tensors, limit ", limits::kMaxTensors);
  }
  for (const auto& [name, tensor] : tensors) {
    if (name == kSafetensorsMetadataKey || !IsSafeTensorName(name)) {
      return Error(ErrorCode::kSafetensorsUnsafeName, "safetensors: tensor name ", Quoted(name));
    }
    if (tensor.shape.size() > limits::kMaxRank) {
      return Error(ErrorCode::kSafetensorsRank, "safetensors: tensor ", Quoted(name), " has ",
                   uint64_t{tensor.shape.size()}, " dimensions, limit ", limits::kMaxRank);
    }
    ANDON_RETURN_IF_ERROR(CheckSize(name, tensor, tensor.data.size()));
  }
  const bool is_text = std::ranges::all_of(
      metadata, [](const auto& entry) { return IsUtf8(entry.first) && IsUtf8(entry.second); });
  if (!is_text || metadata.size() > limits::kMaxSafetensorsMetadata) {
    return Error(ErrorCode::kSafetensorsMetadataMalformed, "safetensors: metadata to write");
  }
  return Status();
}

// Each member with a comma behind it. Text is built by hand, as the objects of a Json grow slowly.
std::string HeaderMembers(const TensorMap& tensors,
                          const std::map<std::string, std::string>& metadata) {
  std::string text;
  if (!metadata.empty()) {
    text += DumpJson(kSafetensorsMetadataKey) + ":{";
    for (const auto& [key, value] : metadata) text += DumpJson(key) + ":" + DumpJson(value) + ",";
    text.back() = '}';
    text += ",";
  }
  uint64_t begin = 0;
  for (const auto& [name, tensor] : tensors) {
    const uint64_t end = begin + tensor.data.size();
    text += DumpJson(name) + ":{\"dtype\":" + DumpJson(DTypeName(tensor.dtype)) +
            ",\"shape\":" + DumpJson(tensor.shape) + ",\"data_offsets\":" + DumpJson({begin, end}) +
            "},";
    begin = end;
  }
  return text;
}

}  // namespace

Result<Safetensors> ParseSafetensors(ByteView file, uint64_t max_header_bytes) {
  ANDON_ASSIGN_OR_RETURN(const ByteView text, HeaderText(file, max_header_bytes));
  ANDON_ASSIGN_OR_RETURN(SafetensorsHeader header, ParseSafetensorsHeader(text));
  const ByteView data = file.subspan(kLengthBytes + text.size());
  for (const TensorExtent& extent : header.extents) {
    ANDON_RETURN_IF_ERROR(PlaceTensor(extent, data));
  }
  ANDON_RETURN_IF_ERROR(CheckTiling(header.extents, data.size()));
  return Safetensors{std::move(header.tensors), std::move(header.metadata)};
}

Result<Bytes> WriteSafetensors(const TensorMap& tensors,
                               const std::map<std::string, std::string>& metadata) {
  ANDON_RETURN_IF_ERROR(CheckWritable(tensors, metadata));
  std::string text = "{" + HeaderMembers(tensors, metadata);
  if (text.size() > 1) text.pop_back();  // the last comma
  text += "}";
  const uint64_t unpadded = kLengthBytes + text.size();
  text.append((kDataAlignment - unpadded % kDataAlignment) % kDataAlignment, ' ');

  Bytes file;
  AppendU64(file, text.size());
  AppendBytes(file, AsBytes(text));
  for (const auto& [name, tensor] : tensors) AppendBytes(file, tensor.data);
  // Reads the header back: its size is limited, and so is each text in it.
  ANDON_ASSIGN_OR_RETURN(const Safetensors written, ParseSafetensors(file));
  return file;
}

}  // namespace andon
