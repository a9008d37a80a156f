#include "formats/gguf.h"

#include <algorithm>
#include <bit>

#include "common/limits.h"
#include "formats/gguf_tensors.h"

namespace andon {
namespace {

constexpr std::string_view kAlignmentKey = "general.alignment";

Result<uint64_t> AlignmentOf(const Gguf& gguf) {
  if (!gguf.Has(kAlignmentKey)) return uint64_t{32};
  const uint64_t stated = gguf.Unsigned(kAlignmentKey).value_or(0);
  if (!std::has_single_bit(stated) || stated > limits::kMaxGgufAlignment) {
    return Error(ErrorCode::kGgufAlignment, "gguf: general.alignment is no power of two up to ",
                 limits::kMaxGgufAlignment);
  }
  return stated;
}

}  // namespace

const StoredTensor* Gguf::Find(std::string_view name) const {
  const auto found = std::ranges::find(tensors, name, &StoredTensor::name);
  return found == tensors.end() ? nullptr : &*found;
}

std::optional<uint64_t> Gguf::Unsigned(std::string_view key) const {
  const auto found = pairs.find(key);
  if (found == pairs.end()) return std::nullopt;
  if (const auto* value = std::get_if<uint64_t>(&found->second)) return *value;
  const auto* const value = std::get_if<int64_t>(&found->second);
  if (value == nullptr || *value < 0) return std::nullopt;
  return static_cast<uint64_t>(*value);
}

std::optional<double> Gguf::Number(std::string_view key) const {
  const auto found = pairs.find(key);
  if (found == pairs.end()) return std::nullopt;
  if (const auto* value = std::get_if<double>(&found->second)) return *value;
  const auto whole = Unsigned(key);
  if (!whole) return std::nullopt;
  return static_cast<double>(*whole);
}

const std::string* Gguf::Text(std::string_view key) const {
  const auto found = pairs.find(key);
  return found == pairs.end() ? nullptr : std::get_if<std::string>(&found->second);
}

bool LooksLikeGguf(ByteView head) { return AsText(head).starts_with("GGUF"); }

Result<Gguf> ParseGguf(ByteView start, uint64_t file_bytes) {
  if (!LooksLikeGguf(start)) return Error(ErrorCode::kUnknownFormat, "gguf: no magic");
  GgufHead head(start, file_bytes);
  uint64_t magic_and_version = 0;
  Gguf gguf;
  uint64_t tensor_count = 0, pair_count = 0;
  ANDON_RETURN_IF_ERROR(head.U64(&magic_and_version));
  gguf.version = static_cast<uint32_t>(magic_and_version >> 32);
  if (gguf.version != 2 && gguf.version != 3) {
    return Error(ErrorCode::kGgufVersion, "gguf: version ", gguf.version, "; 2 and 3 are read");
  }
  ANDON_RETURN_IF_ERROR(head.U64(&tensor_count));
  ANDON_RETURN_IF_ERROR(head.U64(&pair_count));
  if (tensor_count > limits::kMaxGgufTensors || pair_count > limits::kMaxGgufPairs) {
    return Error(ErrorCode::kGgufCount, "gguf: ", tensor_count, " tensors and ", pair_count,
                 " pairs");
  }
  ANDON_ASSIGN_OR_RETURN(gguf.pairs, ReadGgufPairs(head, pair_count));
  ANDON_ASSIGN_OR_RETURN(gguf.tensors, ReadGgufTensors(head, tensor_count));
  ANDON_ASSIGN_OR_RETURN(const uint64_t alignment, AlignmentOf(gguf));
  gguf.head_bytes = head.position();
  ANDON_RETURN_IF_ERROR(PlaceGgufTensors(gguf.head_bytes, alignment, file_bytes, gguf.tensors));
  return gguf;
}

}  // namespace andon
