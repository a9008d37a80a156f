#include "formats/expert_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "formats/expert_params.h"
#include "tests/core/support/sample_adapter.h"

namespace andon {
namespace {

TEST(ExpertWriter, Smoke) {
  SampleAdapter adapter(3);
  adapter.Add(AdapterTarget::kQ, AdapterKind::kLora, DType::kF16);
  adapter.Add(AdapterTarget::kK, AdapterKind::kDora, DType::kF32);
  adapter.Add(AdapterTarget::kV, AdapterKind::kIa3, DType::kBF16);
  adapter.Add(AdapterTarget::kO, AdapterKind::kOsd, DType::kF16);
  adapter.AddResidual(SparseFormat::kCsc);
  adapter.MakeFactorsSparse();
  adapter.Add(AdapterTarget::kUp, AdapterKind::kLokr, DType::kF16);
  const auto params = WriteParams(adapter.layer());
  ASSERT_TRUE(params.ok()) << params.status().message();
  const std::vector<SectionContent> sections = {
      {.type = 1,
       .name = "layer 3",
       .layer = 3,
       .critical = true,
       .element_size = 2,
       .content = *params},
      {.type = 7, .name = "LICENSE", .content = AsBytes("MIT")}};
  const auto file = WriteExpert(AsBytes("{}"), sections, {}, Ed25519Seed{1});
  ASSERT_TRUE(file.ok()) << file.status().message();
  const auto head_bytes = ExpertHeadBytes(*file, file->size());
  ASSERT_TRUE(head_bytes.ok()) << head_bytes.status().message();
  const auto index = ParseExpertIndex(ByteView(*file).first(*head_bytes), file->size());
  ASSERT_TRUE(index.ok()) << index.status().message();
  const auto metadata = ReadExpertMetadata(*index);
  ASSERT_TRUE(metadata.ok()) << metadata.status().message();
  for (const ExpertSection& section : index->sections) {
    const auto content = DecodeExpertSection(
        section,
        *SubRange(*file, section.offset - section.gap, section.gap + section.stored_length));
    ASSERT_TRUE(content.ok()) << content.status().message();
    if (section.type == 1) {
      const auto layer = ParseParams(*content, section.layer);
      ASSERT_TRUE(layer.ok());
      for (const auto& module : layer->modules) printf("%g\n", UpdateNorm(module));
    }
  }
}

}  // namespace
}  // namespace andon
