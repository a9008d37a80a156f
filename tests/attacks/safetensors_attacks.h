// Hostile safetensors files, one a rule that they break.

#ifndef ANDON_TESTS_ATTACKS_SAFETENSORS_ATTACKS_H_
#define ANDON_TESTS_ATTACKS_SAFETENSORS_ATTACKS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"
#include "tests/attacks/attack.h"

namespace andon::attacks {

// A file of this header and as many zero bytes of data.
inline Bytes SafetensorsFile(std::string_view header, size_t data = 0) {
  Bytes file;
  AppendU64(file, header.size());
  AppendBytes(file, AsBytes(header));
  file.insert(file.end(), data, 0);
  return file;
}

// A header length and what comes after it.
inline Bytes LengthThen(uint64_t length, std::string_view rest) {
  Bytes file;
  AppendU64(file, length);
  AppendBytes(file, AsBytes(rest));
  return file;
}

// One tensor "a": the entry as JSON, then 16 bytes of data.
inline Bytes OneEntry(std::string_view entry) {
  return SafetensorsFile("{\"a\":" + std::string(entry) + "}", 16);
}

inline Bytes OneTensor(std::string_view dtype, std::string_view shape, std::string_view offsets) {
  return OneEntry("{\"dtype\":" + std::string(dtype) + ",\"shape\":" + std::string(shape) +
                  ",\"data_offsets\":" + std::string(offsets) + "}");
}

// One tensor of the JSON string `name`, 16 bytes.
inline Bytes TensorNamed(std::string_view name) {
  return SafetensorsFile(
      "{" + std::string(name) + ":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", 16);
}

// Two tensors "a" and "b" of bytes at these offsets, and so much data.
inline Bytes TwoTensors(uint64_t a, uint64_t a_end, uint64_t b, uint64_t b_end, size_t data) {
  const auto entry = [](uint64_t begin, uint64_t end) {
    return "{\"dtype\":\"U8\",\"shape\":[" + std::to_string(end - begin) + "],\"data_offsets\":[" +
           std::to_string(begin) + "," + std::to_string(end) + "]}";
  };
  return SafetensorsFile("{\"a\":" + entry(a, a_end) + ",\"b\":" + entry(b, b_end) + "}", data);
}

inline Bytes ManyTensors(uint64_t count) {
  std::string header = "{";
  for (uint64_t i = 0; i < count; ++i) {
    header += "\"" + std::to_string(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)";
  }
  header.back() = '}';
  return SafetensorsFile(header);
}

inline Bytes MetadataOf(uint64_t members) {
  std::string header = "{\"__metadata__\":{";
  for (uint64_t i = 0; i < members; ++i) header += "\"" + std::to_string(i) + "\":\"\",";
  header.back() = '}';
  return SafetensorsFile(header + "}");
}

inline std::vector<Attack> SafetensorsHeaderAttacks() {
  const ErrorCode json = ErrorCode::kSafetensorsHeaderJson;
  return {
      {"EmptyFile", "nothing at all", ErrorCode::kSafetensorsTooShort, {}},
      {"LengthCutOff", "a download that stopped", ErrorCode::kSafetensorsTooShort, Bytes(7)},
      {"HeaderAboveLimit", "memory for a header", ErrorCode::kSafetensorsHeaderTooLarge,
       LengthThen(limits::kMaxSafetensorsHeaderBytes + 1, "{}")},
      {"HeaderLengthMax", "8 + length wraps to 7", ErrorCode::kSafetensorsHeaderTooLarge,
       LengthThen(UINT64_MAX, "{}")},
      {"HeaderPastEnd", "a read beyond the file", ErrorCode::kSafetensorsHeaderPastEnd,
       LengthThen(3, "{}")},
      {"HeaderEmpty", "no header", ErrorCode::kSafetensorsHeaderStart, SafetensorsFile("")},
      {"HeaderArray", "another form", ErrorCode::kSafetensorsHeaderStart, SafetensorsFile("[]")},
      {"HeaderLeadingSpace", "two ways to find where it begins", ErrorCode::kSafetensorsHeaderStart,
       SafetensorsFile(" {}")},
      {"HeaderByteOrderMark", "likewise", ErrorCode::kSafetensorsHeaderStart,
       SafetensorsFile("\xEF\xBB\xBF{}")},
      {"HeaderCutOff", "JSON that does not end", json, SafetensorsFile("{")},
      {"HeaderThenMore", "data hidden behind the header", json, SafetensorsFile("{}{}")},
      {"HeaderThenNul", "data hidden behind a NUL", json,
       SafetensorsFile(std::string_view("{}\0x", 4))},
      {"HeaderNotUtf8", "names that readers show differently", json,
       SafetensorsFile("{\"\xff\":1}")},
      {"HeaderLoneSurrogate", "likewise", json, SafetensorsFile("{\"\\ud800\":1}")},
      {"HeaderComment", "not JSON", json, SafetensorsFile("{/*hidden*/}")},
      {"HeaderNumberTooLarge", "a number beyond every type", json,
       OneTensor("\"F32\"", "[1e999]", "[0,16]")},
      {"HeaderTextTooLong", "memory for one text", ErrorCode::kSafetensorsHeaderTooLarge,
       SafetensorsFile("{\"__metadata__\":{\"a\":\"" +
                       std::string(limits::kMaxSafetensorsTextBytes + 1, 'x') + "\"}}")},
      {"HeaderNumberTooLong", "memory for one number", ErrorCode::kSafetensorsHeaderTooLarge,
       SafetensorsFile("{\"a\":" + std::string(limits::kMaxJsonSpaceBytes + 1, '1') + "}")},
      {"HeaderSpaceTooLong", "memory for white space", ErrorCode::kSafetensorsHeaderTooLarge,
       SafetensorsFile("{" + std::string(limits::kMaxJsonSpaceBytes + 1, '\n') + "}")},
      {"HeaderTooDeep", "a stack that overflows", ErrorCode::kSafetensorsHeaderDepth,
       OneTensor("\"F32\"", "[[[[[[[[1]]]]]]]]", "[0,16]")},
      {"HeaderTooDeepWithObjects", "likewise", ErrorCode::kSafetensorsHeaderDepth,
       OneTensor("\"F32\"", "[{\"a\":{}}]", "[0,16]")},
      {"DuplicateTensor", "readers see one or the other", ErrorCode::kSafetensorsDuplicateName,
       SafetensorsFile(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},)"
                       R"("a":{"dtype":"I32","shape":[4],"data_offsets":[0,16]}})",
                       16)},
      {"DuplicateTensorEscaped", "likewise, spelt in another way",
       ErrorCode::kSafetensorsDuplicateName,
       SafetensorsFile(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},)"
                       R"("\u0061":{"dtype":"I32","shape":[4],"data_offsets":[0,16]}})",
                       16)},
      {"DuplicateMember", "likewise", ErrorCode::kSafetensorsDuplicateName,
       OneEntry(R"({"dtype":"F32","dtype":"I32","shape":[4],"data_offsets":[0,16]})")},
      {"DuplicateMetadata", "likewise", ErrorCode::kSafetensorsDuplicateName,
       SafetensorsFile(R"({"__metadata__":{},"__metadata__":{}})")},
      {"DuplicateMetadataKey", "likewise", ErrorCode::kSafetensorsDuplicateName,
       SafetensorsFile(R"({"__metadata__":{"a":"1","a":"2"}})")},
      {"TooManyTensors", "memory for each", ErrorCode::kSafetensorsTooManyTensors,
       ManyTensors(limits::kMaxTensors + 1)},
      {"MetadataNotAnObject", "another form", ErrorCode::kSafetensorsMetadataMalformed,
       SafetensorsFile(R"({"__metadata__":"a"})")},
      {"MetadataOfNumbers", "another form", ErrorCode::kSafetensorsMetadataMalformed,
       SafetensorsFile(R"({"__metadata__":{"a":1}})")},
      {"MetadataNested", "another form", ErrorCode::kSafetensorsMetadataMalformed,
       SafetensorsFile(R"({"__metadata__":{"a":{}}})")},
      {"MetadataTooManyMembers", "memory for each", ErrorCode::kSafetensorsMetadataMalformed,
       MetadataOf(limits::kMaxSafetensorsMetadata + 1)},
  };
}

inline std::vector<Attack> SafetensorsNameAttacks() {
  const ErrorCode unsafe = ErrorCode::kSafetensorsUnsafeName;
  return {
      {"NameEmpty", "no name", unsafe, TensorNamed(R"("")")},
      {"NameNul", "cut off by readers in C", unsafe, TensorNamed(R"("a\u0000b")")},
      {"NameControl", "what terminals obey", unsafe, TensorNamed(R"("a\u001bb")")},
      {"NameDelete", "likewise", unsafe, TensorNamed(R"("a\u007fb")")},
      {"NameClimbs", "a file elsewhere, where tensors are unpacked", unsafe,
       TensorNamed(R"("../../etc/passwd")")},
      {"NameClimbsOnWindows", "likewise", unsafe, TensorNamed(R"("a\\..\\b")")},
      {"NameIsParent", "likewise", unsafe, TensorNamed(R"("..")")},
      {"NameTooLong", "memory", unsafe,
       TensorNamed("\"" + std::string(limits::kMaxTensorNameBytes + 1, 'a') + "\"")},
  };
}

inline std::vector<Attack> SafetensorsEntryAttacks() {
  const ErrorCode malformed = ErrorCode::kSafetensorsEntryMalformed;
  return {
      {"EntryNull", "another form", malformed, OneEntry("null")},
      {"EntryArray", "another form", malformed, OneEntry("[]")},
      {"EntryText", "another form", malformed, OneEntry("\"F32\"")},
      {"EntryNumber", "another form", malformed, OneEntry("16")},
      {"EntryWithoutDtype", "a type that is not stated", malformed,
       OneEntry(R"({"shape":[4],"data_offsets":[0,16]})")},
      {"EntryWithoutShape", "a size that is not stated", malformed,
       OneEntry(R"({"dtype":"F32","data_offsets":[0,16]})")},
      {"EntryWithoutOffsets", "a place that is not stated", malformed,
       OneEntry(R"({"dtype":"F32","shape":[4]})")},
      {"EntryUnknownMember", "what only some readers obey", malformed,
       OneEntry(R"({"dtype":"F32","shape":[4],"data_offsets":[0,16],"strides":[1]})")},
      {"DtypeNumber", "another form", malformed, OneTensor("1", "[4]", "[0,16]")},
      {"DtypeObject", "another form", malformed, OneTensor("{}", "[4]", "[0,16]")},
      {"ShapeNumber", "another form", malformed, OneTensor("\"F32\"", "4", "[0,16]")},
      {"ShapeBoolean", "another form", malformed, OneTensor("\"F32\"", "true", "[0,16]")},
      {"ShapeFraction", "rounded by some readers", malformed,
       OneTensor("\"F32\"", "[4.0]", "[0,16]")},
      {"ShapeNegative", "a huge number when read as unsigned", malformed,
       OneTensor("\"F32\"", "[-4]", "[0,16]")},
      {"ShapeBeyond64Bits", "0 when it wraps", malformed,
       OneTensor("\"F32\"", "[18446744073709551616]", "[0,16]")},
      {"ShapeText", "another form", malformed, OneTensor("\"F32\"", "[\"4\"]", "[0,16]")},
      {"OffsetsOne", "another form", malformed, OneTensor("\"F32\"", "[4]", "[16]")},
      {"OffsetsThree", "another form", malformed, OneTensor("\"F32\"", "[4]", "[0,16,16]")},
      {"OffsetsNone", "another form", malformed, OneTensor("\"F32\"", "[4]", "[]")},
      {"OffsetsNegative", "before the file", malformed, OneTensor("\"F32\"", "[4]", "[-16,0]")},
      {"OffsetsFraction", "another form", malformed, OneTensor("\"F32\"", "[4]", "[0,16.5]")},
      {"OffsetsObject", "another form", malformed, OneTensor("\"F32\"", "[4]", "{\"0\":16}")},
      {"DtypeUnknown", "a size that is not known", ErrorCode::kSafetensorsUnknownDtype,
       OneTensor("\"F33\"", "[4]", "[0,16]")},
      {"DtypeInLowerCase", "likewise", ErrorCode::kSafetensorsUnknownDtype,
       OneTensor("\"f32\"", "[4]", "[0,16]")},
      {"RankTooHigh", "loops over dimensions", ErrorCode::kSafetensorsRank,
       OneTensor("\"F32\"", "[4,1,1,1,1,1,1,1,1]", "[0,16]")},
  };
}

inline std::vector<Attack> SafetensorsPlaceAttacks() {
  const ErrorCode overflow = ErrorCode::kSafetensorsShapeOverflow;
  return {
      {"ShapeProductOverflows", "2^64 + 4 elements wrap to 4", overflow,
       OneTensor("\"F32\"", "[4294967296,4294967297]", "[0,16]")},
      {"ShapeBytesOverflow", "elements fit in 64 bits, their bytes do not", overflow,
       OneTensor("\"F32\"", "[4611686018427387908]", "[0,16]")},
      {"ShapeLargerThanData", "a read beyond the tensor", ErrorCode::kSafetensorsSizeMismatch,
       OneTensor("\"F32\"", "[5]", "[0,16]")},
      {"ShapeSmallerThanData", "bytes that nobody looks at", ErrorCode::kSafetensorsSizeMismatch,
       OneTensor("\"F32\"", "[3]", "[0,16]")},
      {"OffsetsReversed", "a negative size", ErrorCode::kSafetensorsOffsetsReversed,
       OneTensor("\"F32\"", "[4]", "[16,0]")},
      {"OffsetsPastEnd", "a read beyond the file", ErrorCode::kSafetensorsOffsetsPastEnd,
       OneTensor("\"F32\"", "[5]", "[0,20]")},
      {"OffsetsMax", "begin + size wraps", ErrorCode::kSafetensorsOffsetsPastEnd,
       OneTensor("\"F32\"", "[4]", "[18446744073709551599,18446744073709551615]")},
      {"HoleInFront", "data in no tensor", ErrorCode::kSafetensorsHole,
       TwoTensors(4, 8, 8, 16, 16)},
      {"HoleBetween", "data in no tensor", ErrorCode::kSafetensorsHole,
       TwoTensors(0, 4, 8, 16, 16)},
      {"Overlap", "one change, two tensors", ErrorCode::kSafetensorsOverlap,
       TwoTensors(0, 8, 4, 16, 16)},
      {"OverlapWhole", "likewise", ErrorCode::kSafetensorsOverlap, TwoTensors(0, 16, 0, 16, 16)},
      {"EmptyTensorWithinAnother", "a view into another tensor", ErrorCode::kSafetensorsOverlap,
       TwoTensors(0, 16, 8, 8, 16)},
      {"TrailingData", "another file behind the tensors", ErrorCode::kSafetensorsTrailingData,
       TwoTensors(0, 8, 8, 16, 17)},
      {"DataWithoutTensors", "likewise", ErrorCode::kSafetensorsTrailingData,
       SafetensorsFile("{}", 1)},
  };
}

inline std::vector<Attack> SafetensorsAttacks() {
  return Joined({SafetensorsHeaderAttacks(), SafetensorsNameAttacks(), SafetensorsEntryAttacks(),
                 SafetensorsPlaceAttacks()});
}

}  // namespace andon::attacks

#endif  // ANDON_TESTS_ATTACKS_SAFETENSORS_ATTACKS_H_
