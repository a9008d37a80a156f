#include "formats/soft_prompt.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "common/half.h"

namespace andon {
namespace {

Bytes Floats(const std::vector<float>& values) {
  Bytes bytes;
  for (const float value : values) AppendU32(bytes, std::bit_cast<uint32_t>(value));
  return bytes;
}

Bytes Halves(const std::vector<uint16_t>& values) {
  Bytes bytes;
  for (const uint16_t value : values) AppendU16(bytes, value);
  return bytes;
}

Bytes Sample() {
  const Bytes values = Floats({1, 2, 3, 4, 5, 6});
  return *WriteSoftPrompt({.tokens = 2, .hidden = 3, .dtype = DType::kF32, .values = values});
}

void ExpectMalformed(const Bytes& section) {
  EXPECT_EQ(ParseSoftPrompt(section).code(), ErrorCode::kSectionMalformed);
}

TEST(SoftPrompt, ReadsWhatItWrites) {
  const Bytes section = Sample();
  EXPECT_EQ(section.size(), 64u + 24u);
  const auto prompt = ParseSoftPrompt(section);
  ASSERT_TRUE(prompt.ok()) << prompt.status().message();
  EXPECT_EQ(prompt->tokens, 2u);
  EXPECT_EQ(prompt->hidden, 3u);
  EXPECT_EQ(prompt->values.size(), 24u);

  const Bytes halves = Halves({FloatToF16(1), FloatToF16(-2)});
  for (const DType dtype : {DType::kF16, DType::kBF16}) {
    const auto written = WriteSoftPrompt({1, 2, dtype, halves});
    ASSERT_TRUE(written.ok());
    EXPECT_EQ(ParseSoftPrompt(*written)->dtype, dtype);
  }
}

TEST(SoftPrompt, WeightNotFinite) {
  const Bytes nan = Floats({NAN});
  EXPECT_EQ(WriteSoftPrompt({1, 1, DType::kF32, nan}).code(), ErrorCode::kWeightNotFinite);
  const Bytes f16 = Halves({0x7C00}), bf16 = Halves({0x7F80});
  EXPECT_EQ(WriteSoftPrompt({1, 1, DType::kF16, f16}).code(), ErrorCode::kWeightNotFinite);
  EXPECT_EQ(WriteSoftPrompt({1, 1, DType::kBF16, bf16}).code(), ErrorCode::kWeightNotFinite);
}

TEST(SoftPrompt, SectionMalformed) {
  const Bytes genuine = Sample();
  for (size_t size = 0; size < genuine.size(); ++size) {
    ExpectMalformed(Bytes(genuine.begin(), genuine.begin() + static_cast<ptrdiff_t>(size)));
  }
  for (const size_t reserved : {size_t{9}, size_t{63}}) {
    Bytes section = genuine;
    section[reserved] = 1;
    ExpectMalformed(section);
  }
  for (const uint8_t dtype : {uint8_t{0}, uint8_t{4}}) {
    Bytes section = genuine;
    section[8] = dtype;
    ExpectMalformed(section);
  }
  for (const size_t dimension : {size_t{0}, size_t{4}}) {
    Bytes section = genuine;
    section[dimension] = 0;  // none
    ExpectMalformed(section);
    section[dimension + 3] = 0xFF;  // too many
    ExpectMalformed(section);
  }
}

// Its dtype is none that a section can have.
TEST(SoftPrompt, WritesNoOtherDtype) {
  const Bytes values(8);
  EXPECT_EQ(WriteSoftPrompt({1, 1, DType::kF64, values}).code(), ErrorCode::kSectionMalformed);
}

}  // namespace
}  // namespace andon
