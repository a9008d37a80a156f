// Hostile GGUF files, one a rule that they break.

#ifndef ANDON_TESTS_ATTACKS_GGUF_ATTACKS_H_
#define ANDON_TESTS_ATTACKS_GGUF_ATTACKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"
#include "tests/attacks/attack.h"
#include "tests/core/support/gguf_writer.h"

namespace andon::attacks {

inline Bytes U64Bytes(uint64_t value) {
  Bytes bytes;
  AppendU64(bytes, value);
  return bytes;
}

// A pair "k" of this type and value.
inline Bytes OnePair(uint32_t type, ByteView value) {
  return GgufWriter().Pair("k", type, value).File();
}
inline Bytes OnePair(GgufType type, ByteView value) {
  return OnePair(static_cast<uint32_t>(type), value);
}
// A pair "k" that is an array, padded so that its length is what is wrong and not the end of the
// file.
inline Bytes OneArray(GgufType type, uint64_t count) {
  return OnePair(GgufType::kArray, GgufArray(type, count, Bytes(64)));
}
// A tensor "t" and 4 KiB of data.
inline Bytes OneGgufTensor(const std::vector<uint64_t>& dimensions, uint32_t type = 0,
                           uint64_t offset = 0) {
  return GgufWriter().TensorAt("t", dimensions, type, offset).Data(Bytes(4096)).File();
}
inline Bytes GgufTensorNamed(const std::string& name) {
  return GgufWriter().Tensor(name, {8}, WeightType::kF32, Bytes(32)).File();
}
// A file whose first key, or first tensor name, claims this length.
inline Bytes KeyLength(uint64_t length) {
  Bytes file = GgufWriter().FileOf(0, 1);
  file.resize(24);
  AppendU64(file, length);
  file.resize(4096);
  return file;
}
inline Bytes TensorNameLength(uint64_t length) {
  Bytes file = GgufWriter().FileOf(1, 0);
  file.resize(24);
  AppendU64(file, length);
  file.resize(4096);
  return file;
}
inline Bytes TwoGgufTensors(uint64_t first, uint64_t second, size_t data) {
  return GgufWriter()
      .TensorAt("a", {8}, 0, first)
      .TensorAt("b", {8}, 0, second)
      .Data(Bytes(data))
      .File();
}
inline Bytes AlignmentOf(uint32_t alignment) {
  return GgufWriter()
      .Number("general.alignment", alignment)
      .Tensor("t", {8}, WeightType::kF32, Bytes(32))
      .File();
}

inline std::vector<Attack> GgufHeadAttacks() {
  const ErrorCode count = ErrorCode::kGgufCount;
  return {
      {"NoMagic", "another format", ErrorCode::kUnknownFormat, Bytes(64)},
      {"BigEndian", "sizes that read as others", ErrorCode::kGgufVersion,
       GgufWriter().Version(3 << 24).File()},
      {"Version1", "sizes of 32 bits", ErrorCode::kGgufVersion, GgufWriter().Version(1).File()},
      {"Version4", "rules that nobody knows yet", ErrorCode::kGgufVersion,
       GgufWriter().Version(4).File()},
      {"TensorCountMax", "count x size of a record wraps", count,
       GgufWriter().FileOf(UINT64_MAX, 0)},
      {"TensorCountAboveLimit", "memory for records", count,
       GgufWriter().FileOf(limits::kMaxGgufTensors + 1, 0)},
      {"PairCountMax", "count x size of a pair wraps", count, GgufWriter().FileOf(0, UINT64_MAX)},
      {"PairCountAboveLimit", "memory for pairs", count,
       GgufWriter().FileOf(0, limits::kMaxGgufPairs + 1)},
      {"MorePairsThanThere", "a read beyond the file", ErrorCode::kGgufTruncated,
       [] {
         Bytes file = GgufWriter().FileOf(0, 1);
         file.resize(28);
         return file;
       }()},
  };
}

inline std::vector<Attack> GgufPairAttacks() {
  const ErrorCode key = ErrorCode::kGgufKey, text = ErrorCode::kGgufText,
                  array = ErrorCode::kGgufArray;
  const ErrorCode type = ErrorCode::kGgufValueType, value = ErrorCode::kGgufValue;
  return {
      {"KeyLengthMax", "position + length wraps", key, KeyLength(UINT64_MAX)},
      {"KeyPastEnd", "a read beyond the file", key, KeyLength(4096)},
      {"KeyAboveLimit", "memory for a key", key,
       GgufWriter().Flag(std::string(limits::kMaxGgufKeyBytes + 1, 'k'), true).File()},
      {"KeyEmpty", "a pair that nothing finds", key, GgufWriter().Flag("", true).File()},
      {"KeyTwice", "readers that disagree on the value", ErrorCode::kGgufDuplicate,
       GgufWriter().Flag("k", true).Flag("k", false).File()},
      {"TextLengthMax", "position + length wraps", text,
       OnePair(GgufType::kText, U64Bytes(UINT64_MAX))},
      {"TextPastEnd", "a read beyond the file", text, OnePair(GgufType::kText, U64Bytes(1 << 20))},
      {"TextAboveLimit", "memory for a text", text,
       OnePair(GgufType::kText, GgufText(std::string(limits::kMaxGgufTextBytes + 1, 't')))},
      {"TypeUnknown", "a table read beyond its end", type, OnePair(13, Bytes(8))},
      {"TypeMax", "likewise", type, OnePair(UINT32_MAX, Bytes(8))},
      {"TruthOfTwo", "a bool that is neither", value, OnePair(GgufType::kBool, Bytes{2})},
      {"ArrayTypeUnknown", "elements of unchecked size", type,
       OneArray(static_cast<GgufType>(13), 1)},
      {"ArrayOfArrays", "recursion without end", type, OneArray(GgufType::kArray, 1)},
      {"ArrayCountMax", "count x size of an element wraps", array,
       OneArray(GgufType::kU64, UINT64_MAX)},
      {"ArrayCountWraps", "2^61 x 8 wraps to 0", array,
       OneArray(GgufType::kU64, uint64_t{1} << 61)},
      {"ArrayPastEnd", "memory for elements that are not there", array,
       OneArray(GgufType::kText, 1 << 20)},
      {"ArrayAboveLimit", "memory for elements", array,
       OnePair(GgufType::kArray, GgufArray(GgufType::kU8, limits::kMaxGgufArray + 1,
                                           Bytes(limits::kMaxGgufArray + 1)))},
      {"ArrayNumberAboveSigned", "a number that turns negative", value,
       OnePair(GgufType::kArray, GgufArray(GgufType::kU64, 1, U64Bytes(UINT64_MAX)))},
      {"ArrayTruthOfTwo", "a bool that is neither", value,
       OnePair(GgufType::kArray, GgufArray(GgufType::kBool, 1, Bytes{2}))},
      {"ArrayTextPastEnd", "a read beyond the file", text,
       OnePair(GgufType::kArray, GgufArray(GgufType::kText, 1, U64Bytes(UINT64_MAX)))},
  };
}

inline std::vector<Attack> GgufTensorAttacks() {
  const ErrorCode name = ErrorCode::kGgufTensorName, shape = ErrorCode::kGgufShape,
                  place = ErrorCode::kGgufTensorPlace;
  const uint64_t half = uint64_t{1} << 32;
  return {
      {"TensorNameLengthMax", "position + length wraps", name, TensorNameLength(UINT64_MAX)},
      {"TensorNameAboveLimit", "a fixed buffer of 64 bytes overflows", name,
       GgufTensorNamed(std::string(limits::kMaxGgufTensorNameBytes + 1, 't'))},
      {"TensorNameEmpty", "a tensor that nothing finds", name, GgufTensorNamed("")},
      {"TensorTwice", "readers that disagree on the weights", ErrorCode::kGgufDuplicate,
       GgufWriter()
           .Tensor("t", {8}, WeightType::kF32, Bytes(32))
           .Tensor("t", {8}, WeightType::kF32, Bytes(32))
           .File()},
      {"NoDimensions", "a product of nothing", shape, OneGgufTensor({})},
      {"FiveDimensions", "an array of four overflows", shape, OneGgufTensor({1, 1, 1, 1, 1})},
      {"DimensionCountMax", "likewise", shape,
       [] {
         Bytes file = TensorNameLength(1);
         file[32] = 't';
         for (size_t i = 33; i < 37; ++i) file[i] = 0xFF;
         return file;
       }()},
      {"ZeroColumns", "a division by zero", shape, OneGgufTensor({0})},
      {"ZeroRows", "a division by zero", shape, OneGgufTensor({8, 0})},
      {"RowsWrap", "2^32 x 2^32 wraps to 0", shape, OneGgufTensor({8, half, half})},
      {"BytesWrap", "2^62 x 4 bytes wraps to 0", shape, OneGgufTensor({uint64_t{1} << 62})},
      {"BytesOfRowsWrap", "rows x bytes of a row wraps", shape, OneGgufTensor({half, half})},
      {"HalfABlock", "a read beyond the last block", shape, OneGgufTensor({16}, 8)},
      {"TypeOfTensorUnknown", "blocks of unchecked size", ErrorCode::kGgufTensorType,
       OneGgufTensor({32}, 4)},
      {"TypeOfTensorMax", "likewise", ErrorCode::kGgufTensorType, OneGgufTensor({32}, UINT32_MAX)},
      {"TensorPastEnd", "a read beyond the file", place, OneGgufTensor({4096})},
      {"OffsetPastEnd", "likewise", place, OneGgufTensor({8}, 0, 8192)},
      {"OffsetMax", "offset + start of the data wraps", place,
       OneGgufTensor({8}, 0, UINT64_MAX - 31)},
      {"OffsetNotAligned", "numbers at odd addresses", place, OneGgufTensor({8}, 0, 4)},
      {"TensorsOverlap", "two names for the same weights", place, TwoGgufTensors(0, 0, 64)},
      {"TensorsWithGap", "bytes that belong to nobody", place, TwoGgufTensors(0, 64, 96)},
      {"TrailingData", "bytes that belong to nobody", ErrorCode::kGgufTrailingData,
       GgufWriter().Tensor("t", {8}, WeightType::kF32, Bytes(32)).Data(Bytes(32)).File()},
      {"AlignmentZero", "a division by zero", ErrorCode::kGgufAlignment, AlignmentOf(0)},
      {"AlignmentOdd", "a mask that is none", ErrorCode::kGgufAlignment, AlignmentOf(48)},
      {"AlignmentMax", "head + alignment wraps in 32 bits", ErrorCode::kGgufAlignment,
       AlignmentOf(uint32_t{1} << 31)},
      {"AlignmentText", "another type", ErrorCode::kGgufAlignment,
       GgufWriter().Text("general.alignment", "32").File()},
  };
}

inline std::vector<Attack> GgufAttacks() {
  return Joined({GgufHeadAttacks(), GgufPairAttacks(), GgufTensorAttacks()});
}

}  // namespace andon::attacks

#endif  // ANDON_TESTS_ATTACKS_GGUF_ATTACKS_H_
