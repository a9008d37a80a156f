// A hostile package below 1 MB takes at most 64 MiB, whatever its content claims to be.

#include <gtest/gtest.h>

#include "common/limits.h"
#include "engine/engine.h"
#include "tests/core/support/peak_memory.h"
#include "tests/core/support/sample_package.h"

namespace andon {
namespace {

// A message field that holds `content`.
std::string Field(char tag, const std::string& content) {
  std::string length;
  for (size_t rest = content.size(); rest != 0; rest >>= 7) {
    length += static_cast<char>((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
  }
  return tag + length + content;
}

std::string Repeated(const std::string& piece, size_t bytes) {
  std::string text;
  while (text.size() + piece.size() <= bytes) text += piece;
  return text;
}

// Opens it, whether it loads or not.
void ExpectBoundedMemory(const Bytes& file, ErrorCode code) {
  ASSERT_LT(file.size(), 1'000'000U);
  const PeakMemory peak;
  const OpenOutcome outcome = Open(file, Policy{});
  EXPECT_EQ(outcome.status.code(), code) << outcome.status.message();
  EXPECT_LE(peak.bytes(), 64 * limits::kMiB);
}

class Bombs : public testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(Bombs, TakeBoundedMemory) {
  Entries entries = SampleEntries();
  entries[std::string(kMetadataEntry)] = BytesOf(GetParam().second);
  ASSERT_LE(GetParam().second.size(), limits::kMaxMetadataBytes);
  ExpectBoundedMemory(PackageOf(entries, ZipMethod::kDeflate), ErrorCode::kSchemaVersionUnknown);
}

constexpr size_t kFull = limits::kMaxMetadataBytes - 16;

// Hyperparameters with keys as short as can be.
std::string ManyParams(size_t bytes) {
  std::string params;
  for (uint32_t i = 0; params.size() + 7 <= bytes; ++i) {
    const std::string key = {static_cast<char>(i & 0x7F), static_cast<char>(i >> 7 & 0x7F),
                             static_cast<char>(i >> 14)};
    params += Field('\x0A', Field('\x0A', key));
  }
  return params;
}

INSTANTIATE_TEST_SUITE_P(
    Metadata, Bombs,
    testing::Values(std::pair{"Features", Field('\x1A', Repeated(std::string("\x0A\0", 2), kFull))},
                    std::pair{
                        "Labels",
                        Field('\x12', Field('\x12', Repeated(std::string("\x3A\0", 2), kFull)))},
                    std::pair{"Hyperparameters",
                              Field('\x12', Field('\x0A', Field('\x22', ManyParams(kFull - 16))))},
                    std::pair{"UnknownFields", Repeated(std::string("\x78\0", 2), kFull)},
                    std::pair{"EmptyMetadata", Repeated(std::string("\x0A\0", 2), kFull)}),
    [](const auto& info) { return info.param.first; });

// The same with models that load: all that metadata.pb can hold is described as well.
TEST(Memory, MostHyperparameters) {
  aprender::v2::ModelPackage package = SampleLinear();
  ASSERT_TRUE(
      package.mutable_architecture()->mutable_linear()->mutable_hyperparameters()->MergeFromString(
          ManyParams(kFull / 9 * 7 - 512)));
  Entries entries = SampleEntries();
  entries[std::string(kMetadataEntry)] = SerializeAprenderMetadata(package);
  ExpectBoundedMemory(PackageOf(entries, ZipMethod::kDeflate), ErrorCode::kOk);
}

TEST(Memory, MostFeatures) {
  aprender::v2::ModelPackage package = SampleLinear();
  auto& features = *package.mutable_input_schema()->mutable_features();
  features.Clear();
  for (uint64_t i = 0; i < limits::kMaxFeatures; ++i) features.Add()->set_name(std::to_string(i));
  const Bytes zeros(limits::kMaxFeatures * 4);
  const TensorMap tensors = {{"coefficients", {DType::kF32, {limits::kMaxFeatures}, zeros}},
                             {"intercept", {DType::kF32, {1}, ByteView(zeros).first(4)}}};
  Entries entries = {{std::string(kMetadataEntry), SerializeAprenderMetadata(package)},
                     {std::string(kWeightsEntry), *WriteSafetensors(tensors)}};
  ExpectBoundedMemory(PackageOf(entries, ZipMethod::kDeflate), ErrorCode::kOk);
}

TEST(Memory, MostClassLabels) {
  aprender::v2::ModelPackage package = SampleLogistic();
  auto& model = *package.mutable_architecture()->mutable_logistic();
  for (int i = 0; i < 100'000; ++i) model.add_class_labels(std::to_string(i));
  Entries entries = SampleEntries();
  entries[std::string(kMetadataEntry)] = SerializeAprenderMetadata(package);
  ExpectBoundedMemory(PackageOf(entries, ZipMethod::kDeflate), ErrorCode::kClassLabelsMismatch);
}

}  // namespace
}  // namespace andon
