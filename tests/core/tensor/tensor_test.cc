#include "tensor/tensor.h"

#include <gtest/gtest.h>

#include <map>

namespace andon {
namespace {

TEST(Tensor, EveryDtypeHasItsNameAndSize) {
  const std::map<std::string_view, std::pair<DType, uint64_t>> expected = {
      {"BOOL", {DType::kBool, 1}}, {"U8", {DType::kU8, 1}},   {"I8", {DType::kI8, 1}},
      {"I16", {DType::kI16, 2}},   {"U16", {DType::kU16, 2}}, {"F16", {DType::kF16, 2}},
      {"BF16", {DType::kBF16, 2}}, {"I32", {DType::kI32, 4}}, {"U32", {DType::kU32, 4}},
      {"F32", {DType::kF32, 4}},   {"F64", {DType::kF64, 8}}, {"I64", {DType::kI64, 8}},
      {"U64", {DType::kU64, 8}},
  };
  for (const auto& [name, what] : expected) {
    EXPECT_EQ(DTypeName(what.first), name);
    EXPECT_EQ(DTypeSize(what.first), what.second) << name;
    EXPECT_EQ(DTypeFromName(name), what.first) << name;
  }
}

TEST(Tensor, UnknownDtypeIsNothing) {
  for (const char* name : {"", "f32", "F32 ", "F128", "F"}) EXPECT_FALSE(DTypeFromName(name));
}

TEST(Tensor, ElementCountIsTheProduct) {
  EXPECT_EQ(ElementCount({}), 1u);
  EXPECT_EQ(ElementCount({7}), 7u);
  EXPECT_EQ(ElementCount({3, 64, 2}), 384u);
  EXPECT_EQ(ElementCount({3, 0, 2}), 0u);
  EXPECT_EQ(ElementCount({UINT64_MAX}), UINT64_MAX);
}

TEST(Tensor, ElementCountThatOverflowsIsNothing) {
  EXPECT_FALSE(ElementCount({uint64_t{1} << 32, uint64_t{1} << 32}));
  EXPECT_FALSE(ElementCount({UINT64_MAX, 2}));
  EXPECT_FALSE(ElementCount({UINT64_MAX, 2, 0}));
  EXPECT_EQ(ElementCount({0, UINT64_MAX, 2}), 0u);
}

TEST(Tensor, ShapeIsWrittenAsAList) {
  EXPECT_EQ(ShapeText({}), "[]");
  EXPECT_EQ(ShapeText({5}), "[5]");
  EXPECT_EQ(ShapeText({3, 64}), "[3, 64]");
}

}  // namespace
}  // namespace andon
