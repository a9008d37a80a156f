#include "formats/safetensors.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/json.h"
#include "common/utf8.h"
#include "formats/safetensors_header.h"

namespace andon {
namespace {

constexpr uint64_t kDataAlignment = 64;  // what a writer gives SIMD kernels; readers take any

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
    ANDON_RETURN_IF_ERROR(CheckTensorBytes(name, tensor, tensor.data.size()));
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
  ANDON_ASSIGN_OR_RETURN(const uint64_t length,
                         SafetensorsHeaderLength(file, file.size(), max_header_bytes));
  const size_t header_end = kSafetensorsLengthBytes + static_cast<size_t>(length);
  const ByteView text = file.first(header_end).subspan(kSafetensorsLengthBytes);
  ANDON_ASSIGN_OR_RETURN(SafetensorsHeader header, ParseSafetensorsHeader(text));
  const ByteView data = file.subspan(header_end);
  ANDON_RETURN_IF_ERROR(CheckExtents(header.extents, data.size()));
  for (const TensorExtent& extent : header.extents) {
    extent.tensor->data = data.subspan(static_cast<size_t>(extent.begin),
                                       static_cast<size_t>(extent.end - extent.begin));
  }
  return Safetensors{std::move(header.tensors), std::move(header.metadata)};
}

Result<Bytes> WriteSafetensors(const TensorMap& tensors,
                               const std::map<std::string, std::string>& metadata) {
  ANDON_RETURN_IF_ERROR(CheckWritable(tensors, metadata));
  std::string text = "{" + HeaderMembers(tensors, metadata);
  if (text.size() > 1) text.pop_back();  // the last comma
  text += "}";
  const uint64_t unpadded = kSafetensorsLengthBytes + text.size();
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
