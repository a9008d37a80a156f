#include "formats/soft_prompt.h"

#include <algorithm>
#include <cmath>

#include "common/half.h"
#include "common/limits.h"

namespace andon {
namespace {

constexpr uint64_t kHeaderBytes = 64;
constexpr DType kDtypes[] = {DType::kF32, DType::kF16, DType::kBF16};  // from code 1 on

Status Malformed(std::string_view what) {
  return Error(ErrorCode::kSectionMalformed, "soft prompt: ", what);
}

bool AllZero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
}

float ValueAt(const SoftPrompt& prompt, uint64_t index) {
  ByteReader reader(prompt.values.subspan(static_cast<size_t>(index * DTypeSize(prompt.dtype))));
  if (prompt.dtype == DType::kF32) {
    uint32_t bits = 0;
    reader.ReadU32(&bits);
    return std::bit_cast<float>(bits);
  }
  uint16_t bits = 0;
  reader.ReadU16(&bits);
  return prompt.dtype == DType::kF16 ? F16ToFloat(bits) : BF16ToFloat(bits);
}

Status CheckFinite(const SoftPrompt& prompt) {
  const uint64_t count = uint64_t{prompt.tokens} * prompt.hidden;
  for (uint64_t i = 0; i < count; ++i) {
    if (!std::isfinite(ValueAt(prompt, i))) {
      return Error(ErrorCode::kWeightNotFinite, "soft prompt: value ", i, " is not finite");
    }
  }
  return Status();
}

}  // namespace

Result<SoftPrompt> ParseSoftPrompt(ByteView section) {
  ByteReader reader(section);
  SoftPrompt prompt;
  uint8_t code = 0;
  ByteView reserved;
  if (!reader.ReadU32(&prompt.tokens) || !reader.ReadU32(&prompt.hidden) || !reader.ReadU8(&code) ||
      !reader.ReadBytes(kHeaderBytes - 9, &reserved)) {
    return Malformed("cut off");
  }
  if (code < 1 || code > std::size(kDtypes)) return Malformed("unknown dtype");
  if (!AllZero(reserved)) return Malformed("reserved bytes are not zero");
  if (prompt.tokens == 0 || prompt.tokens > limits::kMaxAdapterFeatures || prompt.hidden == 0 ||
      prompt.hidden > limits::kMaxAdapterFeatures) {
    return Malformed("tokens or hidden size outside their range");
  }
  prompt.dtype = kDtypes[code - 1];
  prompt.values = section.subspan(kHeaderBytes);
  if (prompt.values.size() != uint64_t{prompt.tokens} * prompt.hidden * DTypeSize(prompt.dtype)) {
    return Malformed("its size is not tokens x hidden");
  }
  ANDON_RETURN_IF_ERROR(CheckFinite(prompt));
  return prompt;
}

Result<Bytes> WriteSoftPrompt(const SoftPrompt& prompt) {
  Bytes section;
  AppendU32(section, prompt.tokens);
  AppendU32(section, prompt.hidden);
  const auto* dtype = std::find(std::begin(kDtypes), std::end(kDtypes), prompt.dtype);
  section.push_back(static_cast<uint8_t>(dtype - std::begin(kDtypes) + 1));
  section.resize(kHeaderBytes);
  AppendBytes(section, prompt.values);
  ANDON_ASSIGN_OR_RETURN([[maybe_unused]] const SoftPrompt read, ParseSoftPrompt(section));
  return section;
}

}  // namespace andon
