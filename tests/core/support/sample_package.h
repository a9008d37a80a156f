// A small .aprender package and ways to break it. Header only: it needs the formats layer, which
// not every test program links.

#ifndef ANDON_TESTS_CORE_SUPPORT_SAMPLE_PACKAGE_H_
#define ANDON_TESTS_CORE_SUPPORT_SAMPLE_PACKAGE_H_

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "archive/zip_writer.h"
#include "formats/aprender_metadata.h"
#include "formats/aprender_package.h"

namespace andon {

// Content of the entries by name.
using Entries = std::map<std::string, Bytes, std::less<>>;

inline Bytes BytesOf(std::string_view text) { return Bytes(text.begin(), text.end()); }

// A ridge regression on two features: y = 2.5 x - z + 0.5.
inline aprender::v2::ModelPackage SampleLinear() {
  aprender::v2::ModelPackage package;
  auto& metadata = *package.mutable_metadata();
  metadata.set_model_id("6f1c1d9e-8d0b-4c2f-9a57-2f0e8d9b7c11");
  metadata.set_version("1.2.3");
  metadata.set_schema_version(kAprenderSchemaVersion);
  auto& model = *package.mutable_architecture()->mutable_linear();
  model.set_weights_tensor_name("coefficients");
  model.set_intercept_tensor_name("intercept");
  model.set_fit_intercept(true);
  model.set_kind(aprender::v2::RIDGE);
  model.set_alpha(0.5);
  for (const char* name : {"x", "z"}) {
    auto& feature = *package.mutable_input_schema()->add_features();
    feature.set_name(name);
    feature.set_type(aprender::v2::FLOAT64);
  }
  return package;
}

// The same with two classes in place of the number.
inline aprender::v2::ModelPackage SampleLogistic() {
  aprender::v2::ModelPackage package = SampleLinear();
  auto& model = *package.mutable_architecture()->mutable_logistic();
  model.set_weights_tensor_name("coefficients");
  model.set_intercept_tensor_name("intercept");
  model.set_learning_rate(0.01F);
  model.set_max_iter(1000);
  model.set_tolerance(1e-4F);
  return package;
}

inline const TensorMap& SampleTensors() {
  static const float numbers[] = {2.5F, -1.0F, 0.5F};
  static const ByteView bytes(reinterpret_cast<const uint8_t*>(numbers), sizeof(numbers));
  static const TensorMap tensors = {{"coefficients", {DType::kF32, {2}, bytes.first(8)}},
                                    {"intercept", {DType::kF32, {1}, bytes.subspan(8)}}};
  return tensors;
}

inline AprenderContent SampleContent() { return {SampleLinear(), SampleTensors(), {}}; }

inline constexpr Ed25519Seed kSampleSeed = {1, 2, 3, 4, 5, 6, 7, 8};

inline Bytes SamplePackage(const std::optional<Ed25519Seed>& seed = std::nullopt) {
  auto file = WriteAprender(SampleContent(), seed);
  EXPECT_TRUE(file.ok()) << file.status().message();
  return std::move(file).value();
}

// metadata.pb and weights.safetensors of the sample.
inline Entries SampleEntries() {
  return {{std::string(kMetadataEntry), SerializeAprenderMetadata(SampleLinear())},
          {std::string(kWeightsEntry), *WriteSafetensors(SampleTensors())}};
}

inline AprenderManifest ManifestOf(const Entries& entries) {
  AprenderManifest manifest;
  for (const auto& [name, content] : entries) {
    manifest[name] = {content.size(), Sha256Of(content)};
  }
  return manifest;
}

inline Bytes ZipOf(const Entries& entries, ZipMethod method = ZipMethod::kStored) {
  ZipWriter writer;
  for (const auto& [name, content] : entries) {
    const Status added = writer.Add(name, content, method);
    EXPECT_TRUE(added.ok()) << added.message();
  }
  return writer.Finish();
}

// The entries with the manifest that they need, whatever is wrong with them.
inline Bytes PackageOf(Entries entries, ZipMethod method = ZipMethod::kStored) {
  entries["manifest.json"] = WriteAprenderManifest(ManifestOf(entries));
  return ZipOf(entries, method);
}

// The sample with another metadata.pb.
inline Bytes PackageWith(const aprender::v2::ModelPackage& model) {
  Entries entries = SampleEntries();
  entries[std::string(kMetadataEntry)] = SerializeAprenderMetadata(model);
  return PackageOf(std::move(entries));
}

}  // namespace andon

#endif  // ANDON_TESTS_CORE_SUPPORT_SAMPLE_PACKAGE_H_
