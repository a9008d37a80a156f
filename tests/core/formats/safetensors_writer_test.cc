#include <gtest/gtest.h>

#include <string>

#include "formats/safetensors.h"

namespace andon {
namespace {

const Bytes kData = {1, 2, 3, 4, 5, 6, 7, 8};

TensorView BytesTensor(size_t count) {
  return {.dtype = DType::kU8, .shape = {count}, .data = ByteView(kData).first(count)};
}

ErrorCode CodeOf(const TensorMap& tensors,
                 const std::map<std::string, std::string>& metadata = {}) {
  const auto file = WriteSafetensors(tensors, metadata);
  return file.ok() ? ErrorCode::kOk : file.code();
}

TEST(SafetensorsWriter, ReadsBackWhatWasWritten) {
  const TensorMap tensors = {
      {"a", BytesTensor(3)},
      {"b \"quoted\" \\ é", {.dtype = DType::kF32, .shape = {1, 2}, .data = kData}},
      {"c", {.dtype = DType::kI64, .shape = {}, .data = kData}},
      {"d", {.dtype = DType::kF64, .shape = {0, 7}, .data = {}}},
  };
  const std::map<std::string, std::string> metadata = {{"format", "andon"}, {"\n", "\"é\""}};
  const auto file = WriteSafetensors(tensors, metadata);
  ASSERT_TRUE(file.ok()) << file.status().message();
  const auto read = ParseSafetensors(*file);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->metadata, metadata);
  ASSERT_EQ(read->tensors.size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    const TensorView& other = read->tensors.at(name);
    EXPECT_EQ(other.dtype, tensor.dtype) << name;
    EXPECT_EQ(other.shape, tensor.shape) << name;
    EXPECT_EQ(AsText(other.data), AsText(tensor.data)) << name;
  }
}

TEST(SafetensorsWriter, HasTheDocumentedForm) {
  const auto file = WriteSafetensors({{"b", BytesTensor(2)}, {"a", BytesTensor(1)}}, {{"k", "v"}});
  ASSERT_TRUE(file.ok());
  std::string expected =
      R"({"__metadata__":{"k":"v"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
      R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})";
  expected.resize(3 * 64 - 8, ' ');
  expected = std::string("\xb8\0\0\0\0\0\0\0", 8) + expected + "\x01\x01\x02";
  EXPECT_EQ(AsText(*file), expected);
}

TEST(SafetensorsWriter, FileWithoutTensors) {
  const auto file = WriteSafetensors({});
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->size(), 64u);
}

TEST(SafetensorsWriter, DataBeginsAtAMultipleOf64) {
  for (size_t length = 1; length < 70; ++length) {
    const auto file = WriteSafetensors({{std::string(length, 'a'), BytesTensor(1)}});
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(file->size() % 64, 1u);
  }
}

TEST(SafetensorsWriter, UnsafeNameIsRefused) {
  for (const char* name : {"", "../a", "a\nb", "a\xff", "__metadata__"}) {
    EXPECT_EQ(CodeOf({{name, BytesTensor(1)}}), ErrorCode::kSafetensorsUnsafeName) << name;
  }
}

TEST(SafetensorsWriter, SizeMismatchIsRefused) {
  TensorView tensor = BytesTensor(2);
  tensor.shape = {3};
  EXPECT_EQ(CodeOf({{"a", tensor}}), ErrorCode::kSafetensorsSizeMismatch);
}

TEST(SafetensorsWriter, ShapeOverflowIsRefused) {
  TensorView tensor = BytesTensor(2);
  tensor.shape = {UINT64_MAX, 2};
  EXPECT_EQ(CodeOf({{"a", tensor}}), ErrorCode::kSafetensorsShapeOverflow);
}

TEST(SafetensorsWriter, RankTooHighIsRefused) {
  TensorView tensor = BytesTensor(1);
  tensor.shape = Shape(limits::kMaxRank + 1, 1);
  EXPECT_EQ(CodeOf({{"a", tensor}}), ErrorCode::kSafetensorsRank);
}

TEST(SafetensorsWriter, TooManyTensorsAreRefused) {
  TensorMap tensors;
  for (uint64_t i = 0; i <= limits::kMaxTensors; ++i) {
    tensors.emplace(std::to_string(i), BytesTensor(0));
  }
  EXPECT_EQ(CodeOf(tensors), ErrorCode::kSafetensorsTooManyTensors);
}

TEST(SafetensorsWriter, MetadataThatIsNoTextIsRefused) {
  EXPECT_EQ(CodeOf({}, {{"a", "\xff"}}), ErrorCode::kSafetensorsMetadataMalformed);
  EXPECT_EQ(CodeOf({}, {{"\xff", "a"}}), ErrorCode::kSafetensorsMetadataMalformed);
}

TEST(SafetensorsWriter, TooMuchMetadataIsRefused) {
  std::map<std::string, std::string> metadata;
  for (uint64_t i = 0; i <= limits::kMaxSafetensorsMetadata; ++i) metadata[std::to_string(i)];
  EXPECT_EQ(CodeOf({}, metadata), ErrorCode::kSafetensorsMetadataMalformed);
}

TEST(SafetensorsWriter, HeaderThatCouldNotBeReadIsRefused) {
  const std::string text(limits::kMaxSafetensorsTextBytes + 1, 'x');
  EXPECT_EQ(CodeOf({}, {{"a", text}}), ErrorCode::kSafetensorsHeaderTooLarge);
}

}  // namespace
}  // namespace andon
