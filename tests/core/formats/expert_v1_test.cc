#include "formats/expert_v1.h"

#include <gtest/gtest.h>

namespace andon {
namespace {

constexpr Ed25519Seed kSeed = {7};
constexpr std::string_view kManifest =
    R"({"name":"expert-sql","version":"0.3.0","schema_version":"2.0","author":"someone"})";

std::vector<TarEntry> SampleFiles() {
  return {{"README.md", AsBytes("about")},
          {"manifest.json", AsBytes(kManifest)},
          {"adapter_model.safetensors", AsBytes("weights")}};
}

TEST(ExpertV1, WhatIsSignedIsReadAndVerifies) {
  const auto file = WriteExpertV1(SampleFiles(), kSeed, "2026-01-02T03:04:05Z");
  ASSERT_TRUE(file.ok()) << file.status().message();
  const auto expert = ReadExpertV1(*file);
  ASSERT_TRUE(expert.ok()) << expert.status().message();
  EXPECT_EQ(expert->manifest.name, "expert-sql");
  ASSERT_TRUE(expert->signature.has_value());
  EXPECT_TRUE(expert->signature->manifest_covered);
  EXPECT_TRUE(Ed25519Verify(expert->signature->key, AsBytes(expert->signature->message),
                            expert->signature->signature));
  EXPECT_EQ(AsText(expert->Find("README.md")->content), "about");
}

}  // namespace
}  // namespace andon
