#include "formats/gguf.h"

#include <gtest/gtest.h>

#include "formats/gguf_tensors.h"
#include "tests/attacks/gguf_attacks.h"
#include "tests/core/support/gguf_writer.h"
#include "tests/core/support/peak_memory.h"

namespace andon {
namespace {

using attacks::Attack;

class GgufAttack : public ::testing::TestWithParam<Attack> {};

TEST_P(GgufAttack, IsRefused) {
  const Attack& attack = GetParam();
  const auto gguf = ParseGguf(attack.file, attack.file.size());
  EXPECT_EQ(ErrorCodeName(gguf.code()), ErrorCodeName(attack.code))
      << attack.why << ": " << gguf.status().message();
}

TEST_P(GgufAttack, TakesLittleMemory) {
  const PeakMemory peak;
  const auto gguf = ParseGguf(GetParam().file, GetParam().file.size());
  EXPECT_FALSE(gguf.ok());
  EXPECT_LE(peak.bytes(), 64 * limits::kMiB);
}

INSTANTIATE_TEST_SUITE_P(All, GgufAttack, ::testing::ValuesIn(attacks::GgufAttacks()),
                         [](const auto& info) { return info.param.name; });

// Every type of value, and two tensors.
GgufWriter Sample() {
  GgufWriter writer;
  const Bytes minus(8, 0xFF);
  writer.Pair("u8", GgufType::kU8, Bytes{200})
      .Pair("i8", GgufType::kI8, ByteView(minus).first(1))
      .Pair("u16", GgufType::kU16, Bytes{1, 2})
      .Pair("i16", GgufType::kI16, ByteView(minus).first(2))
      .Number("u32", 7)
      .Pair("i32", GgufType::kI32, ByteView(minus).first(4))
      .Real("f32", 0.5F)
      .Flag("yes", true)
      .Flag("no", false)
      .Text("text", "hello")
      .Pair("u64", GgufType::kU64, attacks::U64Bytes(UINT64_MAX))
      .Pair("i64", GgufType::kI64, minus)
      .Pair("positive", GgufType::kI32, Bytes{5, 0, 0, 0})
      .Pair("f64", GgufType::kF64, attacks::U64Bytes(std::bit_cast<uint64_t>(0.25)))
      .Texts("texts", {"a", "", "b"})
      .Integers("integers", {-1, 2})
      .Reals("reals", {1.5F})
      .Pair("bytes", GgufType::kArray, GgufArray(GgufType::kU8, 2, Bytes{1, 255}))
      .Pair("truths", GgufType::kArray, GgufArray(GgufType::kBool, 2, Bytes{1, 0}))
      .Pair("none", GgufType::kArray, GgufArray(GgufType::kText, 0, {}));
  return writer.Tensor("matrix", {32, 2, 3}, WeightType::kQ8_0, Bytes(34 * 6))
      .Tensor("vector", {5}, WeightType::kF32, Bytes(20));
}

TEST(Gguf, HoldsValuesOfEveryType) {
  const Bytes file = Sample().File();
  const auto gguf = ParseGguf(file, file.size());
  ASSERT_TRUE(gguf.ok()) << gguf.status().message();
  const auto is = [&gguf](std::string_view key, const GgufValue& value) {
    return gguf->pairs.find(key)->second == value;
  };
  EXPECT_TRUE(is("u8", uint64_t{200}));
  EXPECT_TRUE(is("i8", int64_t{-1}));
  EXPECT_TRUE(is("u16", uint64_t{513}));
  EXPECT_TRUE(is("i16", int64_t{-1}));
  EXPECT_TRUE(is("u32", uint64_t{7}));
  EXPECT_TRUE(is("i32", int64_t{-1}));
  EXPECT_TRUE(is("f32", 0.5));
  EXPECT_TRUE(is("yes", true));
  EXPECT_TRUE(is("no", false));
  EXPECT_TRUE(is("text", std::string("hello")));
  EXPECT_TRUE(is("u64", UINT64_MAX));
  EXPECT_TRUE(is("i64", int64_t{-1}));
  EXPECT_TRUE(is("f64", 0.25));
  EXPECT_TRUE(is("texts", std::vector<std::string>{"a", "", "b"}));
  EXPECT_TRUE(is("integers", std::vector<int64_t>{-1, 2}));
  EXPECT_TRUE(is("reals", std::vector<double>{1.5}));
  EXPECT_TRUE(is("bytes", std::vector<int64_t>{1, 255}));
  EXPECT_TRUE(is("truths", std::vector<bool>{true, false}));
  EXPECT_TRUE(is("none", std::vector<std::string>{}));
}

TEST(Gguf, GivesValuesOnlyOfTheTypeAskedFor) {
  const Bytes file = Sample().File();
  const auto gguf = ParseGguf(file, file.size());
  ASSERT_TRUE(gguf.ok());
  EXPECT_EQ(gguf->Unsigned("u32"), 7u);
  EXPECT_EQ(gguf->Unsigned("positive"), 5u);
  EXPECT_EQ(gguf->Unsigned("i32"), std::nullopt);
  EXPECT_EQ(gguf->Unsigned("text"), std::nullopt);
  EXPECT_EQ(gguf->Unsigned("absent"), std::nullopt);
  EXPECT_EQ(gguf->Number("f32"), 0.5);
  EXPECT_EQ(gguf->Number("u32"), 7.0);
  EXPECT_EQ(gguf->Number("text"), std::nullopt);
  EXPECT_EQ(gguf->Number("absent"), std::nullopt);
  EXPECT_EQ(*gguf->Text("text"), "hello");
  EXPECT_EQ(gguf->Text("u32"), nullptr);
  EXPECT_EQ(gguf->Text("absent"), nullptr);
  EXPECT_TRUE(gguf->Has("u32"));
  EXPECT_FALSE(gguf->Has("absent"));
  EXPECT_EQ(gguf->Find("absent"), nullptr);
}

TEST(Gguf, SaysWhereTensorsLie) {
  for (const uint32_t version : {2u, 3u}) {
    const Bytes file = Sample().Version(version).File();
    const auto gguf = ParseGguf(file, file.size());
    ASSERT_TRUE(gguf.ok()) << gguf.status().message();
    EXPECT_EQ(gguf->version, version);
    const StoredTensor& matrix = *gguf->Find("matrix");
    EXPECT_EQ(matrix.type, WeightType::kQ8_0);
    EXPECT_EQ(matrix.columns, 32u);
    EXPECT_EQ(matrix.rows, 6u);
    EXPECT_EQ(matrix.bytes, 204u);
    EXPECT_EQ(matrix.row_bytes(), 34u);
    EXPECT_EQ(matrix.offset, (gguf->head_bytes + 31) / 32 * 32);
    EXPECT_EQ(gguf->Find("vector")->offset, matrix.offset + 224);
  }
}

TEST(Gguf, TensorsMayBeListedInAnyOrder) {
  const Bytes file = attacks::TwoGgufTensors(32, 0, 64);
  const auto gguf = ParseGguf(file, file.size());
  ASSERT_TRUE(gguf.ok()) << gguf.status().message();
  EXPECT_EQ(gguf->tensors[0].name, "b");
}

TEST(Gguf, AlignsAsItSays) {
  GgufWriter writer;
  writer.Alignment(128).Number("general.alignment", 128);
  const Bytes file = writer.Tensor("a", {8}, WeightType::kF32, Bytes(32))
                         .Tensor("b", {8}, WeightType::kF32, Bytes(32))
                         .File();
  const auto gguf = ParseGguf(file, file.size());
  ASSERT_TRUE(gguf.ok()) << gguf.status().message();
  EXPECT_EQ(gguf->tensors[0].offset % 128, 0u);
  EXPECT_EQ(gguf->tensors[1].offset, gguf->tensors[0].offset + 128);
}

TEST(Gguf, TheLastTensorNeedsNoPadding) {
  Bytes file = Sample().File();
  file.resize(file.size() - 12);
  EXPECT_TRUE(ParseGguf(file, file.size()).ok());
  file.pop_back();
  EXPECT_EQ(ParseGguf(file, file.size()).code(), ErrorCode::kGgufTensorPlace);
}

TEST(Gguf, MayHaveNoTensors) {
  const Bytes file = GgufWriter().Flag("k", true).File();
  const auto gguf = ParseGguf(file, file.size());
  ASSERT_TRUE(gguf.ok()) << gguf.status().message();
  EXPECT_TRUE(
      ParseGguf(ByteView(file).first(static_cast<size_t>(gguf->head_bytes)), gguf->head_bytes)
          .ok());
}

// Wherever the beginning that is here ends, more is asked for; nothing is read beyond it.
TEST(Gguf, AsksForMoreWhereverTheHeadIsCut) {
  const Bytes file = Sample().File();
  const uint64_t head = ParseGguf(file, file.size())->head_bytes;
  for (size_t length = 4; length < head; ++length) {
    const Bytes start(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(ParseGguf(start, file.size()).code(), ErrorCode::kGgufTruncated) << length;
  }
  EXPECT_TRUE(ParseGguf(ByteView(file).first(static_cast<size_t>(head)), file.size()).ok());
}

// The same as whole files: some lengths are then known to be lies.
TEST(Gguf, EveryFileThatEndsWithinTheHeadIsRefused) {
  const Bytes file = Sample().File();
  const uint64_t head = ParseGguf(file, file.size())->head_bytes;
  for (size_t length = 0; length < head; ++length) {
    const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(ParseGguf(cut, cut.size()).ok()) << length;
  }
}

TEST(Gguf, PlacesBeyondSixtyFourBitsAreRefused) {
  std::vector<StoredTensor> none;
  EXPECT_EQ(PlaceGgufTensors(UINT64_MAX - 3, 32, UINT64_MAX, none).code(),
            ErrorCode::kGgufAlignment);
  std::vector<StoredTensor> two = {
      {.name = "a", .columns = 1, .rows = 1, .offset = 0, .bytes = UINT64_MAX - 40},
      {.name = "b", .columns = 1, .rows = 1, .offset = 32, .bytes = 1}};
  EXPECT_EQ(PlaceGgufTensors(32, 32, UINT64_MAX, two).code(), ErrorCode::kGgufTensorPlace);
}

TEST(Gguf, IsToldByItsFirstBytes) {
  EXPECT_TRUE(LooksLikeGguf(AsBytes("GGUF")));
  EXPECT_FALSE(LooksLikeGguf(AsBytes("GGU")));
}

}  // namespace
}  // namespace andon
